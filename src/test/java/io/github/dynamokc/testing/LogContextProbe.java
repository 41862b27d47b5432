package io.github.dynamokc.testing;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.spi.MDCAdapter;

/**
 * A worker's logger as far as it knows whose work each thread does: what a line that a thread logs
 * would have before it. Unlike a logger's own, it can be looked at from any thread.
 */
public final class LogContextProbe implements MDCAdapter {
  /** What Connect's layout writes before each line. */
  private static final String CONNECTOR_CONTEXT = "connector.context";

  private static final LogContextProbe INSTALLED = install();

  private final Map<Thread, Map<String, String>> contexts = new ConcurrentHashMap<>();

  private LogContextProbe() {}

  /** Takes the place of the tests' logger, which knows no context, for all threads. */
  private static LogContextProbe install() {
    LogContextProbe probe = new LogContextProbe();
    MDC.getMDCAdapter();
    try {
      Field adapter = MDC.class.getDeclaredField("mdcAdapter");
      adapter.setAccessible(true);
      adapter.set(null, probe);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
    return probe;
  }

  /** Does work as Connect has its threads do it, with a mark of whose it is. */
  public static void as(String mark, Runnable work) {
    INSTALLED.put(CONNECTOR_CONTEXT, mark);
    try {
      work.run();
    } finally {
      INSTALLED.remove(CONNECTOR_CONTEXT);
    }
  }

  /** What a line of that thread has before it; null for nothing. */
  public static @Nullable String of(Thread thread) {
    return INSTALLED.contexts.getOrDefault(thread, Map.of()).get(CONNECTOR_CONTEXT);
  }

  /** The threads there are. */
  public static Set<Thread> threads() {
    return Set.copyOf(Thread.getAllStackTraces().keySet());
  }

  /**
   * The names of the threads that do not log with a mark, of those that are there beside others.
   */
  public static Set<String> unmarkedThreads(Set<Thread> others, String mark) {
    return threads().stream()
        .filter(thread -> !others.contains(thread) && !mark.equals(of(thread)))
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }

  @Override
  public void put(String key, String value) {
    contexts
        .computeIfAbsent(Thread.currentThread(), thread -> new ConcurrentHashMap<>())
        .put(key, value);
  }

  @Override
  public @Nullable String get(String key) {
    return contexts.getOrDefault(Thread.currentThread(), Map.of()).get(key);
  }

  @Override
  public void remove(String key) {
    contexts.getOrDefault(Thread.currentThread(), new ConcurrentHashMap<>()).remove(key);
  }

  @Override
  public void clear() {
    contexts.remove(Thread.currentThread());
  }

  @Override
  public Map<String, String> getCopyOfContextMap() {
    return Map.copyOf(contexts.getOrDefault(Thread.currentThread(), Map.of()));
  }

  @Override
  public void setContextMap(Map<String, String> map) {
    contexts.put(Thread.currentThread(), new ConcurrentHashMap<>(map));
  }
}
