package io.github.dynamokc.bench;

import io.github.dynamokc.bench.ready.ReadyConnector;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceConnector;

/** Packs {@link ReadyConnector} as a plugin: a worker takes connectors from jars only. */
final class ReadyPlugin {
  private ReadyPlugin() {}

  /**
   * @param directory what becomes an entry of {@code plugin.path}
   */
  static Path write(Path directory) {
    String folder = ReadyConnector.class.getPackageName().replace('.', '/');
    try (OutputStream file = Files.newOutputStream(directory.resolve("ready.jar"));
        JarOutputStream jar = new JarOutputStream(file);
        Stream<Path> classes = Files.list(classPathRoot().resolve(folder))) {
      for (Path each : List.copyOf(classes.toList())) {
        add(jar, folder + "/" + each.getFileName(), Files.readAllBytes(each));
      }
      add(
          jar,
          "META-INF/services/" + SourceConnector.class.getName(),
          ReadyConnector.class.getName().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot pack " + ReadyConnector.class, e);
    }
    return directory;
  }

  private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(content);
    jar.closeEntry();
  }

  private static Path classPathRoot() {
    try {
      return Path.of(
          ReadyConnector.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
