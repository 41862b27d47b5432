package io.github.dynamokc.struct;

import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** Of which schema values are, by the schemas of the items that they hold. */
@FunctionalInterface
public interface ValueSchema {
  /** For values that are changed behind the connector: their schema is not known here. */
  ValueSchema UNKNOWN = (item, image) -> null;

  /**
   * The schema of a value, null if it is not known here.
   *
   * @param item the schema of an item
   * @param image the same as an optional one
   */
  @Nullable Schema of(Schema item, Schema image);
}
