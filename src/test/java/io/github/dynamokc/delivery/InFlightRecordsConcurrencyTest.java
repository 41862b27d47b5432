package io.github.dynamokc.delivery;

import static io.github.dynamokc.testing.Schedules.check;
import static io.github.dynamokc.testing.Schedules.together;

import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.testing.Schedules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A record counts out once, and the last one wakes the task thread, in every schedule. */
@Tag(Schedules.TAG)
class InFlightRecordsConcurrencyTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Map<String, Object> SHARD =
      new SourcePartition.OfShard("orders", "arn:stream", "shardId-1").toConnect();

  private final TrackedRecord first = record();
  private final TrackedRecord second = record();

  private static TrackedRecord record() {
    return new TrackedRecord(
        SHARD, null, "t", Payload.NONE, Payload.NONE, 0, null, DeliveryCallback.NO_OP, false);
  }

  @Test
  void theLastAcknowledgmentMakesRoom() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          InFlightRecords records = new InFlightRecords(() -> 0);
          records.add(List.of(first, second));
          together(
              () -> records.settled(first),
              () -> records.settled(second),
              () -> check(records.awaitRoom(1, LONG, LONG) == 1, "room before all are settled"));
        });
  }

  @Test
  void aRecordThatIsSettledTwiceCountsOnce() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          InFlightRecords records = new InFlightRecords(() -> 0);
          records.add(List.of(first, second));
          together(() -> records.settled(first), () -> records.settled(first));
          long room = records.awaitRoom(2 * first.bytes(), LONG, Duration.ZERO);
          check(room == first.bytes(), "bytes are counted out twice");
        });
  }

  @Test
  void whatIsStuckIsCountedWhileOthersAreSettled() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          InFlightRecords records = new InFlightRecords(() -> 0);
          records.add(List.of(first));
          together(
              () -> {
                records.add(List.of(second));
                records.settled(first);
              },
              () -> {
                InFlightRecords.Stuck stuck = records.stuck(source -> Duration.ZERO, false);
                check(stuck != null && stuck.records() <= 2, "one is in flight at any time");
              });
          InFlightRecords.Stuck stuck = records.stuck(source -> Duration.ZERO, false);
          check(stuck != null && stuck.records() == 1, "the second record is in flight");
        });
  }
}
