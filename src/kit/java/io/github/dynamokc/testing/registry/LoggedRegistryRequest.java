package io.github.dynamokc.testing.registry;

/** A request to the registry and the status it was answered with. */
public record LoggedRegistryRequest(String method, String path, int status) {}
