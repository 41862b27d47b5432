package io.github.dynamokc.metrics;

/** Who shows a number. */
public enum Scope {
  /** A task, of its share of the work on a table, since it started. */
  TASK,
  /** The connector's monitor, of the table as a whole. */
  CONNECTOR
}
