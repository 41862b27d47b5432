package io.github.dynamokc.record;

import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.event.Change;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.json.JsonCursor;
import org.jspecify.annotations.Nullable;

/** Makes record values of items. For one thread, as it reuses its buffers. */
interface ValueMaker {
  /** An item of an export: its key, and what its record has as value. */
  record Exported(ItemKey key, Payload value) {}

  /**
   * Steps over the item that is next.
   *
   * @param origin the export
   * @throws io.github.dynamokc.json.MalformedJsonException if it is none, or has no key
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  Exported exported(JsonCursor item, SourceInfo origin) throws InterruptedException;

  /**
   * The value that tells of a change.
   *
   * @param shard the shard that it comes from, null for one of an incremental export
   * @throws io.github.dynamokc.json.MalformedJsonException if an image is malformed or missing
   * @throws InterruptedException if the work is stopped while it waits for a schema
   */
  Payload changed(Change change, @Nullable String shard) throws InterruptedException;
}
