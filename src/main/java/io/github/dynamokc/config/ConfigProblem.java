package io.github.dynamokc.config;

import java.util.Objects;

/**
 * One thing that is wrong with a connector's configuration.
 *
 * @param key the key that the user has to change; it need not be one of the connector's definition
 * @param message what was found and what to write instead; never a secret
 */
public record ConfigProblem(String key, String message) {

  public ConfigProblem {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(message, "message");
  }
}
