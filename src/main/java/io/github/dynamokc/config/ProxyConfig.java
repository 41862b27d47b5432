package io.github.dynamokc.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy that all calls go through.
 *
 * @param address scheme, host and port, without user and password
 * @param user the user that the proxy asks for, null for none
 * @param password the user's password, null for none
 */
public record ProxyConfig(URI address, @Nullable String user, @Nullable Password password) {
  public static final String PROXY_URL = "aws.http.proxy.url";

  static void define(ConfigGroup group) {
    group.add(
        ConfigKey.of(
                PROXY_URL,
                "HTTP proxy",
                "Proxy for all calls to AWS, as http://host:port or http://user:password@host:port (with special"
                    + " characters percent-encoded). Connect hides it, because of the password.")
            .secret()
            .check(ProxyConfig::check)
            .importance(Importance.LOW)
            .wide());
  }

  static @Nullable ProxyConfig from(AbstractConfig config) {
    Password url = ConfigValues.optionalSecret(config, PROXY_URL);
    return url == null ? null : parse(url.value());
  }

  private static void check(String name, @Nullable Object value) {
    if (value instanceof Password url && url.value() != null && !url.value().isBlank()) {
      parse(url.value());
    }
  }

  /** Its messages never show the text: it may hold a password. */
  private static ProxyConfig parse(String text) {
    URI uri = uri(text);
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getPort() < 1) {
      throw invalid();
    }
    URI address = URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort());
    String userInfo = uri.getUserInfo();
    if (userInfo == null) {
      return new ProxyConfig(address, null, null);
    }
    int colon = userInfo.indexOf(':');
    return colon < 0
        ? new ProxyConfig(address, userInfo, null)
        : new ProxyConfig(
            address, userInfo.substring(0, colon), new Password(userInfo.substring(colon + 1)));
  }

  private static URI uri(String text) {
    try {
      return new URI(text.strip());
    } catch (URISyntaxException e) {
      // Its message quotes the text, so it must not become our cause.
      throw invalid();
    }
  }

  private static ConfigException invalid() {
    return InvalidValueException.unshown(
        PROXY_URL,
        "must be a URL with a port, such as http://proxy:3128 or http://user:password@proxy:3128, is none");
  }
}
