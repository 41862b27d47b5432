package io.github.dynamokc.delivery;

import static io.github.dynamokc.testing.Schedules.check;
import static io.github.dynamokc.testing.Schedules.together;

import io.github.dynamokc.testing.Schedules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every record comes out once and in order, and whoever waits is woken, in every schedule. */
@Tag(Schedules.TAG)
class RecordQueueConcurrencyTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final List<TrackedRecord> records = List.of(record(), record(), record(), record());

  private static TrackedRecord record() {
    return new TrackedRecord(
        Map.of(), null, "t", Payload.NONE, Payload.NONE, 0, null, DeliveryCallback.NO_OP, false);
  }

  /** The queue is full with one record, so that both sides wait for each other. */
  @Test
  void aFullQueueAndAnEmptyOneWakeWhoWaits() {
    Schedules.tryOut(Schedules.FEW, () -> handOver(new RecordQueue(1)));
  }

  @Test
  @Tag("full")
  void theSameInManySchedules() {
    Schedules.tryOut(Schedules.MANY, () -> handOver(new RecordQueue(1)));
  }

  private void handOver(RecordQueue queue) throws Exception {
    List<SourceRecord> taken = new ArrayList<>();
    together(
        () -> {
          queue.put(records.subList(0, 1));
          queue.put(records.subList(1, 2));
        },
        () -> {
          while (taken.size() < 2) {
            taken.addAll(queue.poll(1, LONG));
          }
        });
    check(taken.equals(records.subList(0, 2)), "records are lost, repeated or out of order");
  }

  @Test
  void batchesOfTwoThreadsAreNotMixedUp() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          RecordQueue queue = new RecordQueue(1);
          List<SourceRecord> taken = new ArrayList<>();
          together(
              () -> queue.put(records.subList(0, 2)),
              () -> queue.put(records.subList(2, 4)),
              () -> {
                while (taken.size() < 4) {
                  taken.addAll(queue.poll(2, LONG));
                }
              });
          check(
              taken.equals(records)
                  || taken.subList(0, 2).equals(records.subList(2, 4))
                      && taken.subList(2, 4).equals(records.subList(0, 2)),
              "a batch was torn");
        });
  }

  @Test
  void theFirstFailureWakesAPollThatWaits() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          RecordQueue queue = new RecordQueue(1);
          ConnectException first = new ConnectException("first");
          ConnectException second = new ConnectException("second");
          List<ConnectException> thrown = new ArrayList<>();
          together(
              () -> queue.fail(first),
              () -> queue.fail(second),
              () -> {
                for (int polls = 0; polls < 2; polls++) {
                  try {
                    queue.poll(1, LONG);
                  } catch (ConnectException e) {
                    thrown.add(e);
                  }
                }
              });
          check(thrown.size() == 2, "a poll saw no failure");
          check(thrown.get(0) == thrown.get(1), "the failure changed");
        });
  }

  /** A failure lets no batch in: the task is stopped then, which interrupts who waits. */
  @Test
  void anInterruptEndsAPutThatWaitsForRoom() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          RecordQueue queue = new RecordQueue(1);
          queue.put(records.subList(0, 1));
          AtomicBoolean interrupted = new AtomicBoolean();
          Thread putting =
              new Thread(
                  () -> {
                    try {
                      queue.put(records.subList(1, 2));
                    } catch (InterruptedException e) {
                      interrupted.set(true);
                    }
                  });
          putting.start();
          queue.fail(new ConnectException("broken"));
          putting.interrupt();
          putting.join();
          check(interrupted.get(), "a batch was taken in without room");
        });
  }
}
