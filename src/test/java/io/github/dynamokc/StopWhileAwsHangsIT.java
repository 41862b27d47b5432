package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.Jcmd;
import io.github.dynamokc.testing.Latches;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.S3Fault;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.aws.StreamOperation;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** AWS that does not answer does not hang whoever stops, pauses or deletes the connector. */
class StopWhileAwsHangsIT {
  private static final int ITEMS = 20_000;

  /** What is measured is far below; Connect and we wait 5 s for what does not end by itself. */
  private static final Duration GENEROUS = Duration.ofSeconds(4);

  private final StepWriter steps = new StepWriter();
  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());

  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void close() {
    released.countDown();
    EndToEnd.aws().front().clearHooks();
    s3.close();
  }

  @Test
  @Tag("full")
  void stoppingPausingAndDeletingAreQuickWhileADownloadHangs() {
    SnapshotTable table = SnapshotTable.create("stop-loading", ITEMS);
    s3.failAll(key -> key.contains("/data/"), new S3Fault.Hold(500_000, new CountDownLatch(1)));
    TestConnector connector = TestConnector.start(table.name(), table.config(s3));
    awaitHeldDownloads(connector, table, 1);
    measure("pause", connector::pause);
    connector.resume();
    measureWithThreads(table.name(), "stop", connector::stop);
    connector.resume();
    awaitHeldDownloads(connector, table, 2);
    measureWithThreads(table.name(), "delete", connector::close);

    s3.clearHooks();
    try (TestConnector again = TestConnector.start(table.name(), table.config(s3))) {
      again.awaitStatusRecord("EXPORT_LOADED", table.name());
      assertThat(TestConnector.records(table.name()))
          .as("a stop commits what was written")
          .extracting(TopicRecord::key)
          .doesNotHaveDuplicates()
          .hasSize(ITEMS);
    }
  }

  @Test
  void stoppingPausingAndDeletingAreQuickWhileReadsOfAStreamHang() {
    ScriptedTable table = ScriptedTable.create("stop-reading", string("pk"));
    steps.write(table.stream(), table.shard(), "a", 3);
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    TestConnector connector = TestConnector.start(table.name(), config);
    connector.awaitRecords(table.name(), steps::endIsIn);
    AtomicInteger hanging = new AtomicInteger();
    table
        .streams()
        .onCall(
            call -> {
              if (call.operation() == StreamOperation.GET_RECORDS) {
                hanging.incrementAndGet();
                Latches.await(released);
              }
            });
    connector.awaitOffsets("have a read hang", offsets -> hanging.get() == 1);
    measure("pause", connector::pause);
    connector.resume();
    measureWithThreads(table.name(), "stop", connector::stop);
    connector.resume();
    connector.awaitOffsets("have a read hang again", offsets -> hanging.get() == 2);
    measureWithThreads(table.name(), "delete", connector::close);
  }

  private void awaitHeldDownloads(TestConnector connector, SnapshotTable table, int downloads) {
    connector.awaitRecords(
        table.name(),
        records ->
            records.size() > 1000
                && s3.requests(key -> key.contains("/data/")).size() >= downloads);
  }

  private static void measure(String what, Runnable end) {
    long start = System.nanoTime();
    end.run();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf("%s after %d ms%n", what, took.toMillis());
    assertThat(took).as(what).isLessThan(GENEROUS);
  }

  /** A paused task keeps its threads; one that ends must not. */
  private static void measureWithThreads(String table, String what, Runnable end) {
    assertThat(threads(table)).as("at work").isNotEmpty();
    measure(
        what + ", threads gone",
        () -> {
          measure(what, end);
          awaitNoThreads(table);
        });
  }

  private static void awaitNoThreads(String table) {
    Eventually.within(GENEROUS, "the end of the threads of " + table)
        .every(Duration.ZERO)
        .until(() -> threads(table), List::isEmpty);
  }

  /** The names of the worker's threads that belong to the connector's tasks. */
  private static List<String> threads(String table) {
    return Jcmd.run(EndToEnd.worker().pid(), "Thread.print")
        .lines()
        .filter(line -> line.startsWith("\"" + table + "-task"))
        .map(line -> line.substring(1, line.indexOf('"', 1)))
        .toList();
  }
}
