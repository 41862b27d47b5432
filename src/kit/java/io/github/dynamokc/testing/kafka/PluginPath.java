package io.github.dynamokc.testing.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dynamokc.testing.EmbeddedJars;
import io.github.dynamokc.testing.WorkDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The packaged plugin as users install it: its archive unpacked in a folder of plugins, alone or
 * beside others.
 */
public final class PluginPath {
  private static @Nullable Path packaged;

  private PluginPath() {}

  /** A {@code plugin.path} with the archive of this build, unpacked once in each JVM. */
  public static synchronized Path packaged() {
    if (packaged == null) {
      String archive = System.getProperty("plugin.archive");
      if (archive == null) {
        throw new IllegalStateException(
            "Set the system property plugin.archive, as the build does");
      }
      packaged = unzip(Path.of(archive), WorkDirectory.fresh("plugins"));
    }
    return packaged;
  }

  /**
   * A {@code plugin.path} with the archive of this build and plugins of others. Who has no manifest
   * for ServiceLoader is given one here, as Kafka's {@code connect-plugin-path sync-manifests}
   * does: a worker that searches all classes instead takes 14 s longer to start.
   *
   * @param directory becomes the plugin path; what was in it is gone
   * @param plugins names of folders that the build fills, for instance {@code avro-converter}
   */
  public static Path packagedWith(Path directory, String... plugins) {
    Path root = WorkDirectory.empty(directory);
    try {
      linkAll(packaged(), root);
      for (String plugin : plugins) {
        Path folder = Files.createDirectory(root.resolve(plugin));
        linkAll(EmbeddedJars.directory(plugin), folder);
        if (plugin.equals("avro-converter")) {
          addManifest(
              folder,
              "org.apache.kafka.connect.storage.Converter",
              "io.apicurio.registry.utils.converter.AvroConverter");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the plugin path " + root, e);
    }
    return root;
  }

  private static void linkAll(Path from, Path to) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
      }
    }
  }

  private static void addManifest(Path folder, String service, String plugin) throws IOException {
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(folder.resolve("manifest.jar")))) {
      jar.putNextEntry(new ZipEntry("META-INF/services/" + service));
      jar.write(plugin.getBytes(UTF_8));
      jar.closeEntry();
    }
  }

  /** Unpacks {@code archive} into {@code directory}, which is given back. */
  public static Path unzip(Path archive, Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : List.copyOf(zip.stream().toList())) {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
          throw new IllegalArgumentException(entry.getName() + " leads out of " + archive);
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, target);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack " + archive, e);
    }
    return root;
  }
}
