package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollOverLogTest {
  private final ManualClock clock = new ManualClock(Instant.parse("2024-01-01T00:00:00Z"));
  private final ShardScheduler scheduler = new ShardScheduler(clock::nanoTime);
  private final List<String> said = new ArrayList<>();
  private final RollOverLog log =
      new RollOverLog("orders", clock, new TableJobs(scheduler), said::add);

  @Test
  void aThousandRollOversHaveOneSummaryAMinute() throws InterruptedException {
    for (int shard = 0; shard < 1000; shard++) {
      log.finished("shard-" + shard);
      log.started("shard-" + shard, "shard-" + shard + "-a");
      log.started("shard-" + shard, "shard-" + shard + "-b");
      runUntilIdle();
      clock.advance(Duration.ofMillis(50));
    }
    assertThat(said).isEmpty();
    clock.advance(Duration.ofSeconds(10));
    runUntilIdle();

    assertThat(said)
        .containsExactly(
            "Table orders: in the last minute 1000 shards were read to their end, and 2000 children of shards begun");
  }

  @Test
  void nothingIsSaidOfMinutesWithoutRollOvers() throws InterruptedException {
    log.finished("shard-1");
    for (int minute = 0; minute < 10; minute++) {
      runUntilIdle();
      clock.advance(Duration.ofMinutes(1));
    }
    log.started("shard-1", "shard-2");
    for (int minute = 0; minute < 10; minute++) {
      runUntilIdle();
      clock.advance(Duration.ofMinutes(1));
    }

    assertThat(said)
        .containsExactly(
            "Table orders: in the last minute 1 shards were read to their end, and 0 children of shards begun",
            "Table orders: in the last minute 0 shards were read to their end, and 1 children of shards begun");
  }

  private void runUntilIdle() throws InterruptedException {
    while (scheduler.runIfDue()) {
      // Until nothing is due.
    }
  }
}
