package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** No failure of a piece of work is lost, and stopping is none. */
class TaskOutputTest {
  private final RecordQueue queue = new RecordQueue(1000);
  private final TaskOutput output =
      new TaskOutput(
          queue,
          new StatusRecords(
              "s", RecordForms.status(), InstantSource.fixed(Instant.EPOCH), queue::fail),
          false);

  @Test
  void aConnectExceptionFailsTheTaskAsItIs() {
    ConnectException failure = new ConnectException("broken");
    output.run(
        "Loading",
        () -> {
          throw failure;
        });
    assertThatThrownBy(() -> queue.poll(1, Duration.ZERO)).isSameAs(failure);
  }

  @Test
  void anythingElseFailsTheTaskNamingTheWork() {
    StackOverflowError error = new StackOverflowError();
    output.run(
        "Loading",
        () -> {
          throw error;
        });
    assertThatThrownBy(() -> queue.poll(1, Duration.ZERO))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("Loading failed")
        .hasCause(error);
  }

  @Test
  void workThatIsInterruptedDoesNotEndUnseen() {
    output.run(
        "Loading",
        () -> {
          throw new InterruptedException();
        });
    assertThatThrownBy(() -> queue.poll(1, Duration.ZERO)).hasMessage("Loading was interrupted");
  }
}
