package io.github.dynamokc.struct;

import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Reads items into structs. Items are DynamoDB JSON objects (attribute name to typed value) with
 * the key attributes among them.
 *
 * <p>All methods throw {@link io.github.dynamokc.json.MalformedJsonException} for what is no such
 * item, and {@link InterruptedException} if the work is stopped. Not thread-safe.
 */
public interface ItemStructReader {

  /** Steps over the item that is next; the struct is as of {@link #read(Slice)}. */
  Struct read(JsonCursor item) throws InterruptedException;

  /** Steps over the item that is next; the schema is optional, as of {@link Images}. */
  Struct readImage(JsonCursor item) throws InterruptedException;

  /** The key of the item that was stepped over last. */
  ItemKey key();

  /** The item as a struct, of a schema that is not optional. */
  Struct read(Slice item) throws InterruptedException;

  /**
   * An item before and after a change.
   *
   * @throws IllegalArgumentException if both are null
   */
  Images read(@Nullable Slice before, @Nullable Slice after) throws InterruptedException;

  /**
   * Two images of one item.
   *
   * @param schema the one schema of both; it is optional, as a field for an image has to be
   */
  record Images(Schema schema, @Nullable Struct before, @Nullable Struct after) {}
}
