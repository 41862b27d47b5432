package io.github.dynamokc.concurrent;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Whose work a thread does, as Connect writes it before each line of the log, such as {@code
 * [orders-source|task-0] }. Connect marks only its own threads with it. Immutable.
 */
final class LogContext {
  /** Of Connect's {@code LoggingContext}, which plugins do not see. */
  static final String KEY = "connector.context";

  private final @Nullable String mark;

  private LogContext(@Nullable String mark) {
    this.mark = mark;
  }

  /** That of the thread at hand; none outside of a worker. */
  static LogContext current() {
    return new LogContext(MDC.get(KEY));
  }

  /** Has the work log as whoever this was taken from. */
  Runnable around(Runnable work) {
    return () -> {
      if (mark == null) {
        // Some loggers hand on what the thread had that happened to make this one.
        MDC.remove(KEY);
      } else {
        MDC.put(KEY, mark);
      }
      work.run();
    };
  }
}
