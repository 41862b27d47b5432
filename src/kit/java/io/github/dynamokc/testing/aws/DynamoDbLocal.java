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
  private final AwsTime time;
  private final Path history;

  private DynamoDbLocal(JvmProcess process, int port, AwsTime time, Path history) {
    this.process = process;
    this.port = port;
    this.time = time;
    this.history = history;
  }

  static DynamoDbLocal launch(Path workDirectory) {
    int port = JvmProcess.freePort();
    Path timeFile = workDirectory.resolve("aws-time").toAbsolutePath();
    AwsTime time = AwsTime.in(timeFile);
    Path history = workDirectory.resolve("dynamodb-local-history").toAbsolutePath();
    JvmProcess process =
        JvmProcess.start(
            "dynamodb-local",
            workDirectory.resolve("dynamodb-local.log"),
            List.of(ownClasses().toString()),
            List.of(
                "-Xmx512m", "-Dlog4j2.level=WARN", "-D" + DynamoDbLocalTime.FILE + "=" + timeFile),
            DynamoDbLocalMain.class.getName(),
            List.of(
                Integer.toString(port),
                EmbeddedJars.directory("dynamodb").toString(),
                history.toString()));
    return new DynamoDbLocal(process, port, time, history);
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

  /** What time it is there. */
  AwsTime time() {
    return time;
  }

  /** All that was written there. */
  HistoryFiles history() {
    return new HistoryFiles(history);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.kill();
  }
}
