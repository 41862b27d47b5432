package io.github.dynamokc.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Directories below {@code target} for data and logs of servers; what a test left stays to look at.
 */
public final class WorkDirectory {
  private WorkDirectory() {}

  /** An empty directory; what an earlier run left in it is gone. */
  public static Path fresh(String name) {
    return empty(Path.of("target", "work", name));
  }

  /** Makes {@code directory} an empty one. */
  public static Path empty(Path directory) {
    try {
      if (Files.exists(directory)) {
        List<Path> old;
        try (Stream<Path> walk = Files.walk(directory)) {
          old = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : old) {
          Files.delete(path);
        }
      }
      return Files.createDirectories(directory).toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot empty " + directory, e);
    }
  }
}
