package io.github.dynamokc.aws;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was opened, in reverse order: what was opened last uses what was opened before it.
 */
final class CloseStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CloseStack.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  <T> T add(T resource, Consumer<T> close) {
    opened.push(() -> close.accept(resource));
    return resource;
  }

  /** Closes all, also if one of them fails; a second time does nothing. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable closeable = opened.pop();
      try {
        closeable.close();
      } catch (Exception e) {
        // A provider class of the user may throw anything; the others must be closed nevertheless.
        LOG.warn("Could not close {}", closeable.getClass().getName(), e);
      }
    }
  }
}
