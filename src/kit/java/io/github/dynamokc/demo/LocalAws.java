package io.github.dynamokc.demo;

import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.aws.Listeners;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/**
 * The embedded AWS by itself, for a container: DynamoDB with streams and exports, S3 with a bucket,
 * and a table with items. It ends with the process. Its time is moved by PutItem to the table
 * {@code [TEST_CONTROL]}, as {@code docker/README.md} shows.
 */
public final class LocalAws {
  /** How it is set up, each by an environment variable. */
  private record Settings(
      InetAddress address,
      int dynamoDbPort,
      int s3Port,
      String bucket,
      String table,
      int items,
      int writesPerSecond) {

    static Settings from(Map<String, String> environment) throws UnknownHostException {
      return new Settings(
          InetAddress.getByName(environment.getOrDefault("LOCAL_AWS_ADDRESS", "127.0.0.1")),
          Integer.parseInt(environment.getOrDefault("LOCAL_AWS_DYNAMODB_PORT", "8000")),
          Integer.parseInt(environment.getOrDefault("LOCAL_AWS_S3_PORT", "9000")),
          environment.getOrDefault("LOCAL_AWS_BUCKET", "exports"),
          environment.getOrDefault("LOCAL_AWS_TABLE", "orders"),
          Integer.parseInt(environment.getOrDefault("LOCAL_AWS_ITEMS", "1000")),
          Integer.parseInt(environment.getOrDefault("LOCAL_AWS_WRITES_PER_SECOND", "0")));
    }
  }

  private final Settings settings;
  private final DemoTable table;

  private LocalAws(Settings settings) {
    this.settings = settings;
    this.table = new DemoTable(settings.table(), settings.items());
  }

  /** Says so when all is there; a health check must not find DynamoDB before its table. */
  public static void main(String[] arguments) throws UnknownHostException, InterruptedException {
    new LocalAws(Settings.from(System.getenv())).serve();
  }

  private void serve() throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (EmbeddedAws aws =
        EmbeddedAws.start(
            WorkDirectory.fresh("local-aws"),
            new Listeners(
                new InetSocketAddress(settings.address(), settings.dynamoDbPort()),
                new InetSocketAddress(settings.address(), settings.s3Port())))) {
      aws.tables().create(table.name(), table.keyAttributes());
      aws.tables().putAll(table.name(), table.seed(new SplittableRandom(42)));
      // The bucket comes last: who finds it finds all.
      aws.buckets().create(settings.bucket());
      out.printf(
          "Table %s with %d items and bucket %s are there: DynamoDB on port %d, S3 on port %d of %s%n",
          table.name(),
          table.items(),
          settings.bucket(),
          settings.dynamoDbPort(),
          settings.s3Port(),
          settings.address().getHostAddress());
      if (settings.writesPerSecond() == 0) {
        new CountDownLatch(1).await();
      }
      Duration pause = Duration.ofSeconds(1).dividedBy(settings.writesPerSecond());
      try (Traffic traffic = Traffic.start(aws, List.of(table), pause, 7)) {
        traffic.awaitEnd();
      }
    }
  }
}
