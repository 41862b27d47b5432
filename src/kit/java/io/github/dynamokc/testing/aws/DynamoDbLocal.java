package io.github.dynamokc.testing.aws;

import io.github.dynamokc.testing.EmbeddedJars;
import io.github.dynamokc.testing.JvmProcess;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** DynamoDB Local in a JVM of its own, on loopback, in memory. */
final class DynamoDbLocal implements AutoCloseable {
  private final JvmProcess process;
  private final int port;

  private DynamoDbLocal(JvmProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  static DynamoDbLocal launch(Path workDirectory) {
    int port = JvmProcess.freePort();
    JvmProcess process =
        JvmProcess.start(
            "dynamodb-local",
            workDirectory.resolve("dynamodb-local.log"),
            List.of(ownClasses().toString(), EmbeddedJars.classPath("dynamodb")),
            List.of("-Xmx512m", "-Dlog4j2.level=WARN"),
            DynamoDbLocalMain.class.getName(),
            List.of(Integer.toString(port)));
    return new DynamoDbLocal(process, port);
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          DynamoDbLocalMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The classes of the kit have no location", e);
    }
  }

  void awaitReady() {
    process.awaitPort(port, Duration.ofSeconds(60));
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.kill();
  }
}
