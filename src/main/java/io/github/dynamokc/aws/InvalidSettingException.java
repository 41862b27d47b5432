package io.github.dynamokc.aws;

import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** A setting that only shows as bad when the clients are made. Knows its key and the reason. */
public final class InvalidSettingException extends ConfigException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String reason;

  InvalidSettingException(String key, @Nullable String value, String reason) {
    super(key, value, reason);
    this.key = key;
    this.reason = reason;
  }

  /** The key that the user has to change. */
  public String key() {
    return key;
  }

  /** What is wrong, without the key; never a secret. */
  public String reason() {
    return reason;
  }
}
