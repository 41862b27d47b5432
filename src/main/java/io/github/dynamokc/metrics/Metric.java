package io.github.dynamokc.metrics;

import java.util.List;
import java.util.stream.Stream;

/** A number that is shown of a table. Names and meanings are here and nowhere else. */
public sealed interface Metric permits Counter, Gauge {
  /** The attribute's name in the MBean, and that of the plugin metric. */
  String attribute();

  /** What the number says, with its unit. */
  String description();

  /** Whether it is known there. */
  boolean isOf(Scope scope);

  /** All that is shown there: counters, then gauges. */
  static List<Metric> of(Scope scope) {
    return Stream.<Metric>concat(Stream.of(Counter.values()), Stream.of(Gauge.values()))
        .filter(metric -> metric.isOf(scope))
        .toList();
  }
}
