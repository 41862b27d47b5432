package io.github.dynamokc.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.stream.StreamStart;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Up to when a stream counts as read that was disabled, whatever its shards say. */
class EndedStreamTest {
  private static final long ENABLED = Instant.parse("2026-01-03T00:00:00Z").toEpochMilli();
  private static final long HOUR = 3_600_000;
  private static final long SNAPSHOT = ENABLED - 50 * HOUR;
  private static final Duration OVERLAP = Duration.ofMinutes(5);
  private static final LostLineages.Delivered DELIVERED =
      new LostLineages.Delivered(SNAPSHOT, false, OVERLAP);
  private static final StreamStart START = new StreamStart(-1, SNAPSHOT, -1);

  @Test
  void noPositionIsLaterThanTheNextStream() {
    assertThat(notAfter("2026-01-03T00:00:00.000", START, ENABLED - HOUR, ENABLED + HOUR))
        .containsExactly(ENABLED - HOUR, ENABLED);
  }

  @Test
  void whatARepairHasToldCountsWhateverStreamThereWas() {
    Repaired repaired = new Repaired(ENABLED + HOUR, ENABLED);
    StreamStart start = new StreamStart(-1, SNAPSHOT, -1, DocumentVersion.NONE, repaired);
    long end = ENABLED + HOUR + OVERLAP.toMillis();
    assertThat(notAfter("2026-01-03T00:00:00.000", start, end, end + HOUR))
        .containsExactly(end, end);
  }

  @Test
  void aStreamThatDoesNotShowSinceWhenItIsEnabledChangesNothing() {
    assertThat(notAfter("unknown", START, ENABLED + HOUR)).containsExactly(ENABLED + HOUR);
  }

  private static List<Long> notAfter(String label, StreamStart start, Long... positions) {
    String next = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/" + label;
    return EndedStream.notAfter(next, List.of(positions), DELIVERED, start);
  }
}
