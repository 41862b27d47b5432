package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.offset.Repaired;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A loss is said to be in a snapshot only where it is. */
class StreamStartTest {
  private static final String STREAM = "arn:aws:dynamodb:eu-west-1:1:table/orders/stream/";
  private static final Instant EXPORTED = Instant.parse("2026-01-02T00:00:00Z");

  private final StreamStart start = new StreamStart(-1, 0, EXPORTED.toEpochMilli());

  @Test
  void onlyASnapshotYoungerThanAStreamCoversEarlierChanges() {
    assertThat(start.isInSnapshotBefore(STREAM + "2026-01-01T23:59:59.999")).isTrue();
    assertThat(start.isInSnapshotBefore(STREAM + "2026-01-02T00:00:00.000")).isFalse();
    assertThat(start.isInSnapshotBefore(STREAM + "2026-02-01T00:00:00.000")).isFalse();
    assertThat(start.isInSnapshotBefore(STREAM + "unknown")).isFalse();
    String next = STREAM + "2026-02-01T00:00:00.000";
    assertThat(start.ofNext(next, 5, 0).isInSnapshotBefore(next)).isFalse();
  }

  @Test
  void aStartWithoutASnapshotCoversNoChanges() {
    assertThat(new StreamStart(-1, 0, -1).isInSnapshotBefore(STREAM + "2026-01-01T00:00:00.000"))
        .isFalse();
  }

  @Test
  void theNextStreamIsNeededSinceItWasEnabledOrExported() {
    long enabled = EXPORTED.plusSeconds(60).toEpochMilli();
    assertThat(start.ofNext(STREAM + "2026-01-02T00:01:00.000", enabled + 7, 0).neededFromMs())
        .isEqualTo(enabled);
    assertThat(start.ofNext(STREAM + "2026-01-01T23:59:00.000", enabled + 7, 0).neededFromMs())
        .isEqualTo(EXPORTED.toEpochMilli());
    assertThat(start.ofNext(STREAM + "unknown", enabled + 7, 0).neededFromMs())
        .isEqualTo(enabled + 7);
  }

  @Test
  void versionsNeverGoBackOverSeveralStreams() {
    StreamStart second = start.ofNext(STREAM + "2026-02-01T00:00:00.000", 5, 70);
    assertThat(second.versionFloor()).isEqualTo(70);
    assertThat(second.ofNext(STREAM + "2026-03-01T00:00:00.000", 6, 0).versionFloor())
        .isEqualTo(70);
  }

  @Test
  void aRepairTellsOnlyTheLineagesThatItIsFor() {
    StreamStart repaired = start.after(new Repaired(70, 65));
    assertThat(repaired.toldUpToMs(60)).isEqualTo(70);
    assertThat(repaired.toldUpToMs(66)).isEqualTo(66);
    assertThat(repaired.toldUpToMs(80)).isEqualTo(80);
    long later = 71 + Retention.TIME.toMillis();
    assertThat(repaired.mayHaveLost(60, later)).isTrue();
    assertThat(repaired.mayHaveLost(60, 70 + Duration.ofHours(23).toMillis())).isFalse();
    assertThat(start.toldUpToMs(60)).isEqualTo(60);
  }

  @Test
  void aRepairHoldsForTheNextStreamToo() {
    Repaired gap = new Repaired(70, 65);
    StreamStart next = start.after(gap).ofNext(STREAM + "unknown", 5, 0);
    assertThat(next.repaired()).isEqualTo(gap);
  }
}
