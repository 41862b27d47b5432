package io.github.dynamokc.bench;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What is set for the benches, which the build writes to a file; what is not has its default. */
final class Settings {
  private static final Properties SET = read(Path.of(System.getProperty("bench.settings")));

  private Settings() {}

  private static Properties read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return properties;
  }

  static List<String> list(String name, String ifMissing) {
    return List.of(SET.getProperty(name, ifMissing).split(",", -1));
  }

  static int number(String name, int ifMissing) {
    return Integer.parseInt(SET.getProperty(name, Integer.toString(ifMissing)));
  }

  static Duration seconds(String name, int ifMissing) {
    return Duration.ofSeconds(number(name, ifMissing));
  }

  static boolean isOn(String name) {
    return Boolean.parseBoolean(SET.getProperty(name));
  }

  /** Settings of the connector to try, as {@code key=value,key=value}; none by default. */
  static Map<String, String> connectorConfig() {
    Map<String, String> config = new LinkedHashMap<>();
    String text = SET.getProperty("bench.config", "");
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
