package io.github.dynamokc.struct;

import io.github.dynamokc.json.JsonCursor;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Reads the values of one column, by the schema that it has in one struct. Immutable. */
@FunctionalInterface
interface ValueReader {

  /**
   * Reads the typed value that is next, and steps over it if it fits.
   *
   * @param fit is marked if the value does not fit, or not all of it
   * @return null for NULL, and for what does not fit
   */
  @Nullable Object read(JsonCursor in, ReadResult fit);

  /**
   * Reads it into a field that is null. If it does not fit, whatever is in the field then is to be
   * thrown away.
   */
  default void read(JsonCursor in, ReadResult fit, Struct struct, Field field) {
    Object value = read(in, fit);
    if (value != null) {
      struct.put(field, value);
    }
  }
}
