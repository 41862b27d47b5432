package io.github.dynamokc.testing.kafka;

import io.github.dynamokc.testing.WorkDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The packaged plugin as users install it: its archive unpacked in a folder of plugins. */
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
