package io.github.dynamokc.record;

import io.github.dynamokc.event.Change;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.json.Slice;
import org.jspecify.annotations.Nullable;

/** Which images of a change are {@code before} and {@code after} in an envelope. */
final class EnvelopeImages {
  private EnvelopeImages() {}

  /**
   * The old image if the stream carries it; of a removed item at least its key, as Debezium has it
   * for tables that do not log more.
   */
  static @Nullable Slice before(Change change) {
    if (change.oldImage() != null) {
      return change.oldImage();
    }
    return change.operation() == Operation.REMOVE ? change.keys() : null;
  }

  /** Null for a removed item. */
  static @Nullable Slice after(Change change) {
    return change.operation() == Operation.REMOVE ? null : DocumentImage.after(change);
  }
}
