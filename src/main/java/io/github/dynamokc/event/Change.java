package io.github.dynamokc.event;

import io.github.dynamokc.json.Slice;
import org.jspecify.annotations.Nullable;

/**
 * What became of one item. Images and keys are DynamoDB JSON objects (attribute name to typed
 * value), slices of what they came in: they last as long as that does.
 */
public sealed interface Change permits ItemChange, NetChange {
  Operation operation();

  /** When the change was made, epoch ms. */
  long createdAtMs();

  /** The item's key attributes. */
  Slice keys();

  /** The item after the change, null if it is not told. */
  @Nullable Slice newImage();

  /** The item before the change, null if it is not told. */
  @Nullable Slice oldImage();

  /** Whether DynamoDB is known to have removed the item because its time to live was over. */
  default boolean isTimeToLive() {
    return false;
  }
}
