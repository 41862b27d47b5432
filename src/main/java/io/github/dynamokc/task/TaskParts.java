package io.github.dynamokc.task;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.stream.ShardScheduler;

/**
 * What the work of all tables of a task shares.
 *
 * @param output where records go; its failure is that of the task
 * @param trouble tells why a table is not followed
 * @param scheduler runs the jobs of all streams
 * @param limiter of the task's DescribeStream calls
 * @param loaders loads the data files of all tables
 * @param startFileThreads has as many threads load files as there should be; returns at once
 */
record TaskParts(
    ConnectorConfig config,
    TaskResources resources,
    TaskTables tables,
    TaskOutput output,
    TableTrouble trouble,
    RecordSetup records,
    ShardScheduler scheduler,
    RateLimiter limiter,
    FileLoaders loaders,
    Runnable startFileThreads) {

  /** How the names of the task's threads begin. */
  String threadsName() {
    return config.connectorName() + "-task-" + tables.task();
  }
}
