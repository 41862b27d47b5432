package io.github.dynamokc.config;

/** What to do when unread changes are gone. */
public enum DataLossPolicy {
  /** Stop, and say what is missing. */
  FAIL,
  /** Say it in a status record, and go on with what there is. */
  CONTINUE,
  /** Load what is missing from incremental exports, and go on with the stream behind them. */
  REPAIR
}
