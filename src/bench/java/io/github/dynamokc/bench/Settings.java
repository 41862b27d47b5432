package io.github.dynamokc.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** System properties, which the build passes on. */
final class Settings {
  private Settings() {}

  static List<String> list(String name, String ifMissing) {
    return List.of(System.getProperty(name, ifMissing).split(",", -1));
  }

  static int number(String name, int ifMissing) {
    return Integer.getInteger(name, ifMissing);
  }

  static Duration seconds(String name, int ifMissing) {
    return Duration.ofSeconds(number(name, ifMissing));
  }

  static boolean isOn(String name) {
    return Boolean.getBoolean(name);
  }

  /** Settings of the connector to try, as {@code key=value,key=value}; none by default. */
  static Map<String, String> connectorConfig() {
    Map<String, String> config = new LinkedHashMap<>();
    String text = System.getProperty("bench.config", "");
    for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int at = pair.indexOf('=');
      if (at < 0) {
        throw new IllegalArgumentException("bench.config has no = in " + pair);
      }
      config.put(pair.substring(0, at), pair.substring(at + 1));
    }
    return config;
  }
}
