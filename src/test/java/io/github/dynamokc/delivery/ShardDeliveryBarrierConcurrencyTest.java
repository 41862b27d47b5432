package io.github.dynamokc.delivery;

import static io.github.dynamokc.testing.Schedules.check;
import static io.github.dynamokc.testing.Schedules.together;

import io.github.dynamokc.testing.Schedules;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In every order of acknowledgments, what waits for the last one runs after it, and once. */
@Tag(Schedules.TAG)
class ShardDeliveryBarrierConcurrencyTest {
  @Test
  void anActionRunsOnceHoweverRecordsAreSettled() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          ShardDeliveryBarrier records = new ShardDeliveryBarrier();
          AtomicInteger settled = new AtomicInteger();
          AtomicInteger runs = new AtomicInteger();
          records.add(2);
          together(
              () -> {
                settled.incrementAndGet();
                records.acknowledged();
              },
              () -> {
                settled.incrementAndGet();
                records.dropped();
              },
              () ->
                  records.whenNoneOutstanding(
                      () -> {
                        check(settled.get() == 2, "ran before the last acknowledgment");
                        runs.incrementAndGet();
                      }));
          check(runs.get() == 1, "ran " + runs.get() + " times");
          check(records.count() == 0, "outstanding: " + records.count());
        });
  }

  @Test
  void recordsAddedMeanwhileAreAllCounted() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          ShardDeliveryBarrier records = new ShardDeliveryBarrier();
          records.add(1);
          together(records::acknowledged, () -> records.add(2), () -> records.add(3));
          check(records.count() == 5, "outstanding: " + records.count());
        });
  }
}
