package io.github.dynamokc.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.DockerImageName;

/** The images under test, built from what the Maven build has put together for them. */
final class Images {
  private static final String NAMES = "dynamokc-test/";

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
    return new ImageFromDockerfile(NAMES + context)
        .withFileFromPath(".", Path.of(setting("docker.contexts"), context))
        .withBuildArg("BASE", base);
  }

  /** Removes the images that were built, if they were. */
  static void remove() {
    DockerClient docker = DockerClientFactory.instance().client();
    for (String name : List.of("connect", "aws")) {
      try {
        docker.removeImageCmd(NAMES + name).exec();
      } catch (NotFoundException e) {
        // A failure has come before it.
      }
    }
  }

  private static String setting(String property) {
    return Objects.requireNonNull(
        System.getProperty(property), "The build sets " + property + " for these tests");
  }
}
