package io.github.dynamokc.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Nothing that waits for the last acknowledgment goes on before it, and it goes on only once. */
class ShardDeliveryBarrierTest {
  private final ShardDeliveryBarrier records = new ShardDeliveryBarrier();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void anActionRunsAtOnceWithNothingOutstanding() {
    records.whenNoneOutstanding(runs::incrementAndGet);
    assertThat(runs).hasValue(1);
    assertThat(records.count()).isZero();
  }

  @Test
  void anActionRunsWithTheLastAcknowledgmentAndOnlyOnce() {
    records.add(2);
    records.whenNoneOutstanding(runs::incrementAndGet);
    records.acknowledged();
    assertThat(runs).hasValue(0);
    assertThat(records.count()).isEqualTo(1);
    records.acknowledged();
    assertThat(runs).hasValue(1);
    records.add(1);
    records.acknowledged();
    assertThat(runs).hasValue(1);
  }

  @Test
  void aDroppedRecordIsSettled() {
    records.add(2);
    records.whenNoneOutstanding(runs::incrementAndGet);
    records.acknowledged();
    records.dropped();
    assertThat(runs).hasValue(1);
    assertThat(records.count()).isZero();
  }

  @Test
  void recordsAddedLaterAreWaitedForAsWell() {
    records.add(1);
    records.whenNoneOutstanding(runs::incrementAndGet);
    records.add(1);
    records.acknowledged();
    assertThat(runs).hasValue(0);
    records.acknowledged();
    assertThat(runs).hasValue(1);
  }

  @Test
  void anActionMayAddRecordsItself() {
    records.add(1);
    records.whenNoneOutstanding(
        () -> {
          records.add(1);
          records.whenNoneOutstanding(runs::incrementAndGet);
        });
    records.acknowledged();
    assertThat(runs).hasValue(0);
    records.acknowledged();
    assertThat(runs).hasValue(1);
  }

  @Test
  void acknowledgmentsFromManyThreadsAreAllCounted() throws InterruptedException {
    int threads = 8;
    int each = 10_000;
    records.add(threads * each);
    CountDownLatch done = new CountDownLatch(1);
    records.whenNoneOutstanding(
        () -> {
          runs.incrementAndGet();
          done.countDown();
        });
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int thread = 0; thread < threads; thread++) {
      pool.execute(
          () -> {
            for (int i = 0; i < each; i++) {
              records.acknowledged();
            }
          });
    }
    pool.shutdown();
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(records.count()).isZero();
    assertThat(runs).hasValue(1);
  }
}
