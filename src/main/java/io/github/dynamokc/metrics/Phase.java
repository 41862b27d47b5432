package io.github.dynamokc.metrics;

/** Where a table stands. Numbers are for ever: dashboards know them. */
public enum Phase {
  REGISTER(0),
  EXPORT(1),
  LOAD(2),
  STREAM(3),

  /** Loaded, and no stream is wanted. */
  COMPLETED(4),

  /** Changes were lost from the stream, and are loaded from incremental exports. */
  REPAIR(5);

  private final long number;

  Phase(long number) {
    this.number = number;
  }

  /** As {@link Gauge#PHASE} shows it. */
  public long number() {
    return number;
  }
}
