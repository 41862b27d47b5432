package io.github.dynamokc.stream;

import java.time.Duration;

/** What a piece of work wants after a step. */
sealed interface Next {
  /** Another step, in a while. */
  record After(Duration delay) implements Next {}

  /** No step until it is woken. */
  record WhenWoken() implements Next {}

  /** No step ever again. */
  record Never() implements Next {}

  static Next now() {
    return new After(Duration.ZERO);
  }
}
