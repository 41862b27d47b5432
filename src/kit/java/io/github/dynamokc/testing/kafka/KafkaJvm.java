package io.github.dynamokc.testing.kafka;

import io.github.dynamokc.testing.EmbeddedJars;
import io.github.dynamokc.testing.JvmProcess;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** How broker, worker and their tools are started: same jars, same heap, same way of logging. */
final class KafkaJvm {
  private KafkaJvm() {}

  static JvmProcess start(String name, Path log, String mainClass, List<String> arguments) {
    return start(name, log, List.of(), mainClass, arguments);
  }

  /**
   * @param jvmArguments added to those that all have; of two that set the same, these count
   */
  static JvmProcess start(
      String name, Path log, List<String> jvmArguments, String mainClass, List<String> arguments) {
    List<String> all = new ArrayList<>();
    all.add("-Xmx512m");
    all.add("-Dlog4j2.configurationFile=" + logging());
    all.addAll(jvmArguments);
    return JvmProcess.start(
        name, log, List.of(EmbeddedJars.classPath("kafka")), all, mainClass, arguments);
  }

  /** As an address: the file may be in a jar. */
  private static URL logging() {
    return Objects.requireNonNull(KafkaJvm.class.getResource("/embedded-log4j2.xml"));
  }

  static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    Map<String, String> settings = new TreeMap<>();
    properties.forEach((key, value) -> settings.put((String) key, (String) value));
    return settings;
  }

  static Path write(Path file, Map<String, String> settings) {
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
    return file.toAbsolutePath();
  }
}
