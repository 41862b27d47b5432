package io.github.dynamokc.struct;

import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** The fields of an item's schema, to be filled: keys, what no column holds, columns. Immutable. */
final class ItemFields {
  private final Schema schema;
  private final Field[] first;
  private final StructFields rest;

  /**
   * @param rest the columns of all attributes that are not in the key
   */
  ItemFields(Schema schema, StructLayout rest) {
    this.schema = schema;
    this.first = new Field[schema.fields().size() - rest.size()];
    for (int i = 0; i < first.length; i++) {
      first[i] = StructFields.unnamed(schema, i);
    }
    this.rest = new StructFields(rest, schema);
  }

  /** One that is to be filled. */
  Struct struct() {
    return new Struct(schema);
  }

  /**
   * @param index 0 for the partition key, 1 for the sort key
   */
  void putKey(Struct struct, int index, Object value) {
    struct.put(first[index], value);
  }

  void putOther(Struct struct, Map<String, String> other) {
    struct.put(first[first.length - 1], other);
  }

  /** The columns of all attributes that are not in the key. */
  StructFields rest() {
    return rest;
  }
}
