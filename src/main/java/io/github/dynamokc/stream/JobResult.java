package io.github.dynamokc.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a {@link Job} wants after a step. */
sealed interface JobResult {
  /** How long until the next step; null for none until the job is woken. */
  @Nullable Duration untilNextStep();

  /** Another step, in a while. */
  record Delay(Duration untilNextStep) implements JobResult {}

  /** No step until the job is woken. */
  record Parked() implements JobResult {
    @Override
    public @Nullable Duration untilNextStep() {
      return null;
    }
  }

  /** No step ever again. */
  record Done() implements JobResult {
    @Override
    public @Nullable Duration untilNextStep() {
      return null;
    }
  }

  static JobResult now() {
    return new Delay(Duration.ZERO);
  }
}
