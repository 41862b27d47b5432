package io.github.dynamokc.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What numbers are of.
 *
 * @param connector the connector's name
 * @param task the task's number, null for the connector's monitor
 * @param table the table's name
 */
public record MetricTags(String connector, @Nullable String task, String table) {
  /** A table in a task. */
  public static MetricTags ofTask(String connector, String task, String table) {
    return new MetricTags(connector, task, table);
  }

  /** A table in the connector's monitor. */
  public static MetricTags ofConnector(String connector, String table) {
    return new MetricTags(connector, null, table);
  }

  Scope scope() {
    return task == null ? Scope.CONNECTOR : Scope.TASK;
  }
}
