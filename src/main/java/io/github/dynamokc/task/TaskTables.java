package io.github.dynamokc.task;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.delivery.InFlightRecords;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** The tables that a task has work on: their settings, what is committed of them, their metrics. */
final class TaskTables implements AutoCloseable {
  private final ConnectorConfig config;
  private final OffsetReader offsets;
  private final String task;
  private final List<String> followed;
  private final Map<String, TableMetrics> metrics = new HashMap<>();

  /** Of a connector whose config names all tables. */
  TaskTables(
      ConnectorConfig config,
      OffsetReader offsets,
      TaskAssignment assignment,
      String task,
      MetricsSink worker) {
    this(config, offsets, assignment, task, worker, List.of());
  }

  /**
   * @param task the task's number, as metrics show it
   * @param worker where the worker shows metrics
   * @param followed all tables of the connector, sorted; none if its config names them all
   */
  TaskTables(
      ConnectorConfig config,
      OffsetReader offsets,
      TaskAssignment assignment,
      String task,
      MetricsSink worker,
      List<String> followed) {
    this.followed = List.copyOf(followed);
    this.config = config;
    this.offsets = offsets;
    this.task = task;
    for (TableWork work : assignment.work()) {
      metrics.computeIfAbsent(
          work.table(),
          table ->
              TableMetrics.register(
                  MetricTags.ofTask(config.connectorName(), task, table), worker));
    }
  }

  /** The task's number, as text. */
  String task() {
    return task;
  }

  /** The numbers that tasks of the connector can have, as text. */
  List<String> taskNumbers() {
    return IntStream.range(0, config.tasksMax()).mapToObj(String::valueOf).toList();
  }

  /** All tables of the connector, sorted; none if its config names them all. */
  List<String> followed() {
    return followed;
  }

  /** Whether the connector has found a table by itself. */
  boolean isDiscovered(String table) {
    return config.selection().named().stream().noneMatch(named -> named.name().equals(table));
  }

  /** Why a table cannot have its topic beside the others of the connector; null if it can. */
  @Nullable String topicConflict(String table) {
    return config.topicConflict(
        table, followed.stream().filter(other -> !other.equals(table)).toList());
  }

  /** What Connect has committed. */
  OffsetReader offsets() {
    return offsets;
  }

  TableConfig config(String table) {
    return config.table(table);
  }

  /** The tables that there is work on. */
  Set<String> names() {
    return Set.copyOf(metrics.keySet());
  }

  TableMetrics metrics(String table) {
    return Objects.requireNonNull(metrics.get(table), "registered");
  }

  /**
   * The committed offset that the plan of this task was made from.
   *
   * @throws ConnectException if there is none any more
   */
  TableOffset offset(String table) {
    TableOffset offset = offsets.table(table);
    if (offset == null) {
      throw new ConnectException(
          "Table "
              + table
              + " has no offset although its work was planned: the connector's offsets were reset"
              + " while it ran. Restart the connector");
    }
    return offset;
  }

  /** Has the metrics of each table show what is on its way; all tables share the queue. */
  void show(RecordQueue queue, InFlightRecords inFlight) {
    metrics.forEach(
        (table, shown) -> {
          shown.bind(Gauge.QUEUE_BYTES, queue::bytes);
          shown.bind(Gauge.QUEUE_BYTES_MAX, queue::maxBytes);
          shown.bind(Gauge.UNACKNOWLEDGED_RECORDS, () -> inFlight.count(table));
        });
  }

  @Override
  public void close() {
    metrics.values().forEach(TableMetrics::close);
  }
}
