package io.github.dynamokc.testing.aws;

/** A request to S3 and the status it was answered with; the body may still be under way. */
public record LoggedS3Request(S3Request request, int status) {}
