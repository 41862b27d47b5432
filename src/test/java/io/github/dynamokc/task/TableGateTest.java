package io.github.dynamokc.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.Latches;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What stopped work still puts goes nowhere. */
class TableGateTest {
  private final AtomicInteger put = new AtomicInteger();

  @Test
  void batchesPassUntilTheGateIsShut() throws InterruptedException {
    TableGate gate = new TableGate(batch -> put.incrementAndGet());
    gate.put(List.of());
    gate.shut();

    assertThatThrownBy(() -> gate.put(List.of())).isInstanceOf(InterruptedException.class);
    assertThat(put.get()).isEqualTo(1);
    assertThat(gate.isIdle()).isTrue();
  }

  /** It waits for room, and is there before the table is tried again. */
  @Test
  void aBatchOnItsWayIsWaitedFor() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch room = new CountDownLatch(1);
    TableGate gate =
        new TableGate(
            batch -> {
              inside.countDown();
              room.await();
              put.incrementAndGet();
            });
    CompletableFuture<Void> putting =
        CompletableFuture.runAsync(
            () -> {
              try {
                gate.put(List.of());
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    Latches.await(inside);
    gate.shut();
    assertThat(gate.isIdle()).isFalse();
    room.countDown();
    putting.get(10, TimeUnit.SECONDS);

    assertThat(gate.isIdle()).isTrue();
    assertThat(put.get()).isEqualTo(1);
  }

  @Test
  void aBatchThatIsNotTakenIsNotWaitedFor() {
    TableGate gate =
        new TableGate(
            batch -> {
              throw new InterruptedException();
            });
    assertThatThrownBy(() -> gate.put(List.of())).isInstanceOf(InterruptedException.class);

    assertThat(gate.isIdle()).isTrue();
  }
}
