package io.github.dynamokc.struct;

import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.NameIndex;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** The optional columns of a struct as fields to be filled. Immutable. */
final class StructFields {
  private final NameIndex names;
  private final Field[] fields;
  private final ValueReader[] readers;

  /**
   * @param schema of the struct; the columns are its last fields
   */
  StructFields(StructLayout layout, Schema schema) {
    List<Column> columns = layout.columns();
    int before = schema.fields().size() - columns.size();
    names = new NameIndex(columns.stream().map(Column::attribute).toList());
    fields = new Field[columns.size()];
    readers = new ValueReader[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = unnamed(schema, before + i);
      readers[i] = columns.get(i).type().reader(fields[i].schema());
    }
  }

  /**
   * A field of a schema by which values are put. It has no name: Connect makes a text of the name
   * for each value, in case that it has to complain of it.
   */
  static Field unnamed(Schema schema, int index) {
    return new Field(null, index, schema.fields().get(index).schema());
  }

  /**
   * Which of the columns is the attribute's whose name was read last, -1 if none is.
   *
   * @param last the one that was read last, -1 if none was: mostly the next one follows
   */
  int indexOf(JsonCursor in, int last) {
    return names.indexOf(in, last + 1);
  }

  /** Reads the typed value that is next as {@link ValueReader} does. */
  void read(int index, JsonCursor in, ReadResult fit, Struct struct) {
    readers[index].read(in, fit, struct, fields[index]);
  }

  /** Throws away what was read into a column. */
  void clear(int index, Struct struct) {
    struct.put(fields[index], null);
  }
}
