package io.github.dynamokc.stream;

import java.time.Duration;

/** What a piece of work wants after a step. */
sealed interface JobResult {
  /** Another step, in a while. */
  record Delay(Duration delay) implements JobResult {}

  /** No step until it is woken. */
  record Parked() implements JobResult {}

  /** No step ever again. */
  record Done() implements JobResult {}

  static JobResult now() {
    return new Delay(Duration.ZERO);
  }
}
