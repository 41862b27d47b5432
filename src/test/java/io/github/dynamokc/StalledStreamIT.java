package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Latches;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.TestConnector;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code stall.timeout.ms} promises holds however many shards share a few threads. */
class StalledStreamIT {
  private static final int SHARDS = 100;
  private static final int THREADS = 4;
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);

  /** A call that began in time ends late, and worker and test look now and then only. */
  private static final Duration A_LITTLE = CALL_TIMEOUT.plusSeconds(5);

  private final StepWriter steps = new StepWriter();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void noMoreScripts() {
    released.countDown();
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  @Tag("full")
  void aTaskWhoseCallsAllHangFailsWithinTheTimeout() {
    ScriptedTable table = ScriptedTable.create("stalled", string("pk"));
    for (int shard = 1; shard < SHARDS; shard++) {
      table.stream().addShard();
    }
    try (TestConnector connector = TestConnector.start(table.name(), config(table))) {
      connector.awaitStreaming(table.name());
      for (String shard : table.stream().openShards()) {
        steps.write(table.stream(), shard, shard, 1);
      }
      connector.awaitRecords(table.name(), steps::endIsIn);
      AtomicInteger hanging = new AtomicInteger();
      long begun = System.nanoTime();
      table
          .streams()
          .onCall(
              call -> {
                hanging.incrementAndGet();
                Latches.await(released);
              });
      String failure = connector.awaitFailure();
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      System.out.printf("failed after %d ms and %d calls%n", took.toMillis(), hanging.get());

      assertThat(took).isBetween(STALL_TIMEOUT.minus(CALL_TIMEOUT), STALL_TIMEOUT.plus(A_LITTLE));
      assertThat(failure).contains(table.stream().arn()).contains("stall.timeout.ms");
    }
  }

  private static Map<String, String> config(ScriptedTable table) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.threads", Integer.toString(THREADS));
    config.put("aws.api.call.timeout.ms", Long.toString(CALL_TIMEOUT.toMillis()));
    config.put("aws.retries.max", "0");
    config.put("stall.timeout.ms", Long.toString(STALL_TIMEOUT.toMillis()));
    return config;
  }
}
