package io.github.dynamokc.struct;

import org.jspecify.annotations.Nullable;

/** How to merge two columns whose types conflict or would exceed a limit. */
enum MergeMode {
  /** Nothing: a value of the second type does not fit. */
  STRICT,
  /** The first stays, for it has been registered; the values of the second will not fit. */
  LENIENT;

  @Nullable ColumnType conflict(ColumnType first) {
    return this == STRICT ? null : first;
  }
}
