package io.github.dynamokc.metrics;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The numbers of one table in one task, or in the connector's monitor, from its start to its end.
 * Thread-safe.
 */
public final class TableMetrics implements AutoCloseable {
  private final Map<Metric, AtomicLong> values = new HashMap<>();
  private final Map<Gauge, LongSupplier> asked = new ConcurrentHashMap<>();
  private final Map<Counter, Long> carried = new ConcurrentHashMap<>();
  private List<Runnable> shown = List.of();
  private boolean closed;

  private TableMetrics() {
    for (Counter counter : Counter.values()) {
      values.put(counter, new AtomicLong());
    }
    for (Gauge gauge : Gauge.values()) {
      values.put(gauge, new AtomicLong(gauge.initially()));
    }
  }

  /** Numbers that are shown nowhere. */
  public static TableMetrics unregistered() {
    return new TableMetrics();
  }

  /**
   * Numbers that can be seen over JMX until they are closed.
   *
   * @param worker where they are shown besides
   */
  public static TableMetrics register(MetricTags tags, MetricsSink worker) {
    TableMetrics metrics = new TableMetrics();
    metrics.show(tags, worker);
    return metrics;
  }

  /**
   * Has numbers seen that were not. Nothing happens if they are seen, or closed by now.
   *
   * @param worker where they are shown besides JMX
   */
  public synchronized void show(MetricTags tags, MetricsSink worker) {
    if (!closed && shown.isEmpty()) {
      shown = Stream.of(new JmxSink(), worker).map(sink -> sink.bind(tags, this)).toList();
    }
  }

  public void add(Counter counter, long count) {
    valueOf(counter).addAndGet(count);
  }

  /** What was counted here. */
  public long count(Counter counter) {
    return valueOf(counter).get();
  }

  /**
   * Sets what is shown besides what is counted here, because others have counted it.
   *
   * @param count all of it
   */
  public void carry(Counter counter, long count) {
    carried.put(counter, count);
  }

  /**
   * Counts something that comes and goes.
   *
   * @param by negative if it goes
   */
  public void adjust(Gauge gauge, long by) {
    valueOf(gauge).addAndGet(by);
  }

  /** Sets what is known as a whole. */
  public void set(Metric metric, long value) {
    valueOf(metric).set(value);
  }

  /**
   * Has a gauge asked for its value each time when somebody looks.
   *
   * @param value does not wait and does not throw
   */
  public void bind(Gauge gauge, LongSupplier value) {
    asked.put(gauge, value);
  }

  /**
   * Has a gauge show how long it is ago that something happened, in milliseconds: it does now.
   *
   * @param clock is asked each time when somebody looks
   */
  public void happened(Gauge gauge, InstantSource clock) {
    long at = clock.millis();
    bind(gauge, () -> Math.max(0, clock.millis() - at));
  }

  /** Ends {@link #bind}. */
  public void unbind(Gauge gauge) {
    asked.remove(gauge);
  }

  /** The value now. */
  public long value(Metric metric) {
    LongSupplier value = metric instanceof Gauge gauge ? asked.get(gauge) : null;
    if (value != null) {
      return value.getAsLong();
    }
    long more = metric instanceof Counter counter ? carried.getOrDefault(counter, 0L) : 0;
    return valueOf(metric).get() + more;
  }

  private AtomicLong valueOf(Metric metric) {
    AtomicLong found = values.get(metric);
    if (found == null) {
      throw new IllegalStateException("Every metric has its place");
    }
    return found;
  }

  /** A second time does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    List<Runnable> hide = shown;
    shown = List.of();
    hide.forEach(Runnable::run);
  }
}
