package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.TableFailurePolicy;
import io.github.dynamokc.config.TableSelection;
import io.github.dynamokc.discovery.TableFinder;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.table.TableDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each table observed that there is: those that the config names from the beginning to the end,
 * those that are discovered from when they are found until nothing of them is left to do. On one
 * thread of the monitor, but for what says otherwise.
 */
final class TableWatches {
  private static final Logger LOG = LoggerFactory.getLogger(TableWatches.class);

  /** After that a table that AWS keeps waiting does not hold the others. */
  private static final Duration LONG_FIRST_LOOK = Duration.ofSeconds(45);

  /** Above so many tables the pauses between two looks at one grow with their number. */
  private static final int MANY_TABLES = 50;

  private final ConnectorConfig config;
  private final MonitorResources resources;
  private final RetryingCalls calls;
  private final RateLimiter describes;
  private final OffsetReader offsets;
  private final Consumer<TableWatch> starter;

  /** By the tables' names. */
  private final Map<String, TableWatch> watches = new ConcurrentHashMap<>();

  /**
   * @param describes limits how often shards are asked for, of all tables together
   * @param starter runs a watch on a thread of its own
   */
  TableWatches(
      ConnectorConfig config,
      MonitorResources resources,
      RetryingCalls calls,
      RateLimiter describes,
      OffsetReader offsets,
      Consumer<TableWatch> starter) {
    this.config = config;
    this.resources = resources;
    this.calls = calls;
    this.describes = describes;
    this.offsets = offsets;
    this.starter = starter;
  }

  /** Makes plans of what is observed, on a thread of its own. */
  @FunctionalInterface
  interface Planning {
    void start(LatestObservations observations);
  }

  /**
   * Has all tables observed that there are, and then those that come. Returns when no other can
   * come.
   *
   * @param planning begun when it is known of which tables the first plan is
   * @throws ConnectException if AWS does not tell the tables
   * @throws InterruptedException if the monitor stops
   */
  void run(Planning planning) throws InterruptedException {
    TableSelection selection = config.selection();
    TableRoster roster =
        new TableRoster(selection, selection.discovers() ? offsets.tables() : List.of());
    TableFinder finder = new TableFinder(selection, resources.aws(), calls::call);
    if (selection.discovers()) {
      roster.update(finder.find(), resources.clock().millis());
    }
    List<String> names = first(selection, roster);
    LatestObservations observations = new LatestObservations(names);
    names.forEach(table -> watch(table, roster, observations));
    planning.start(observations);
    if (isolates()) {
      calls.pause(LONG_FIRST_LOOK);
      names.forEach(table -> observations.putIfFirst(new ObservedTable.Listing(table)));
    }
    while (selection.discovers()) {
      calls.pause(selection.interval());
      lookAgain(roster, finder, observations);
    }
  }

  /** What was followed before and is not found may have left something to do. */
  private List<String> first(TableSelection selection, TableRoster roster) {
    List<String> names = new ArrayList<>();
    selection.named().forEach(table -> names.add(table.name()));
    for (String table : roster.discovered()) {
      if (!roster.isFound(table) && offsets.table(table) == null) {
        roster.left(table);
      } else if (isConfigured(table)) {
        names.add(table);
      }
    }
    return names;
  }

  private void lookAgain(TableRoster roster, TableFinder finder, LatestObservations observations)
      throws InterruptedException {
    try {
      TableRoster.Change change = roster.update(finder.find(), resources.clock().millis());
      for (String table : change.appeared()) {
        if (isConfigured(table)) {
          LOG.info("Table {} matches, and is followed from now on", table);
          observations.add(table);
          watch(table, roster, observations);
        }
      }
      for (String table : change.missing()) {
        if (isLeft(table)) {
          roster.left(table);
          end(table);
        }
      }
    } catch (ConnectException e) {
      if (!isolates()) {
        throw e;
      }
      LOG.error("The tables that match cannot be looked up. Those that are followed go on", e);
    }
  }

  /** Overrides by pattern may contradict one another for a table that nobody knew of. */
  private boolean isConfigured(String table) {
    try {
      config.table(table);
      return true;
    } catch (ConfigException e) {
      LOG.error(
          "Table {} matches, and is not followed, as its settings do not fit: {}",
          table,
          e.getMessage());
      return false;
    }
  }

  /**
   * Whether a table that does not match any more is to be left: at once if it exists, or when all
   * is done that a deleted one left to do. Another table of the same name changes nothing for the
   * deleted one.
   */
  private boolean isLeft(String table) throws InterruptedException {
    TableOffset offset = offsets.table(table);
    if (offset == null) {
      return true;
    }
    TableDescription described =
        TableDescription.readIfExists(
            resources.aws().dynamoDb(), calls, config.table(table).table());
    boolean exists = described != null && described.id().equals(offset.registration().tableId());
    if (exists) {
      LOG.warn(
          "Table {} exists and does not match any more. It is not followed any more; its offsets stay",
          table);
    }
    return exists;
  }

  private void watch(String table, TableRoster roster, LatestObservations observations) {
    TableMetrics counted = TableMetrics.unregistered();
    TableWatch watch =
        new TableWatch(
            config.table(table),
            new ObserverContext(
                resources.aws(),
                resources.streams().ofTable(counted),
                describes,
                calls,
                offsets,
                counted,
                resources.clock(),
                config.tasksMax(),
                observations::putIfFirst),
            config.selection().names(table) ? null : () -> roster.isFound(table),
            isolates(),
            observations,
            this::grown);
    watches.put(table, watch);
    starter.accept(watch);
  }

  private void end(String table) {
    TableWatch watch = watches.remove(table);
    if (watch != null) {
      watch.end();
    }
  }

  private boolean isolates() {
    return config.onTableFailure() == TableFailurePolicy.ISOLATE;
  }

  /** With many tables each is observed less often, so that calls are no more than with some. */
  private Duration grown(Duration interval) {
    int tables = watches.size();
    return tables <= MANY_TABLES ? interval : interval.multipliedBy(tables).dividedBy(MANY_TABLES);
  }

  /** Shows the metrics of no table any more. From any thread. */
  void close() {
    watches.values().forEach(watch -> watch.metrics().close());
  }
}
