package io.github.dynamokc.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build puts the jars of the servers that run beside the tests, and of plugins. */
public final class EmbeddedJars {
  private EmbeddedJars() {}

  /** The class path entry of one server's directory of jars. */
  public static String classPath(String server) {
    return directory(server).resolve("*").toString();
  }

  /** The directory of jars of one server or plugin. */
  public static Path directory(String name) {
    Path directory =
        Path.of(System.getProperty("embedded.directory", "target/embedded"))
            .resolve(name)
            .toAbsolutePath();
    if (!Files.isDirectory(directory)) {
      throw new IllegalStateException(
          "No jars in "
              + directory
              + ": the pre-integration-test phase of the build puts them there");
    }
    return directory;
  }
}
