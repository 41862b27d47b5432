package io.github.dynamokc.containers;

import java.nio.file.Path;
import java.util.Objects;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.DockerImageName;

/** The images under test, built from what the Maven build has put together for them. */
final class Images {
  private Images() {}

  static DockerImageName kafka() {
    return DockerImageName.parse(setting("kafka.image")).asCompatibleSubstituteFor("apache/kafka");
  }

  /** The worker with the connector, over the image of Kafka. */
  static ImageFromDockerfile connect() {
    return built("connect", setting("kafka.image"));
  }

  static ImageFromDockerfile aws() {
    return built("aws", setting("jre.image"));
  }

  private static ImageFromDockerfile built(String context, String base) {
    return new ImageFromDockerfile("dynamokc-test/" + context)
        .withFileFromPath(".", Path.of(setting("docker.contexts"), context))
        .withBuildArg("BASE", base);
  }

  private static String setting(String property) {
    return Objects.requireNonNull(
        System.getProperty(property), "The build sets " + property + " for these tests");
  }
}
