package io.github.dynamokc.struct;

import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Reads items into the known columns in one pass and without a lock, and adds columns when an item
 * needs them. Not thread-safe.
 */
final class ColumnReader implements ItemStructReader {
  private final ColumnStructs structs;
  private final KeyNames names;
  private final TypeInference types;
  private final JsonCursor in = new JsonCursor();
  private final DynamoDbJson texts = new DynamoDbJson();
  private final ReadResult fit = new ReadResult(texts);

  ColumnReader(ColumnStructs structs, KeyNames names, TypeInference types) {
    this.structs = structs;
    this.names = names;
    this.types = types;
  }

  @Override
  public Struct read(Slice item) throws InterruptedException {
    TableColumns lacking = null;
    while (true) {
      TableColumns columns = structs.columns();
      Struct struct = read(item, columns, columns.item());
      if (struct != null) {
        return struct;
      }
      lacking = grow(lacking, columns, List.of(item));
    }
  }

  /**
   * Adds columns.
   *
   * @param before those that were added to last
   * @return those that are added to now
   */
  private TableColumns grow(@Nullable TableColumns before, TableColumns now, List<Slice> images)
      throws InterruptedException {
    if (before != null && before.item().equals(now.item())) {
      throw new IllegalStateException("An item needs columns of which there are none to add");
    }
    structs.grow(now, images);
    return now;
  }

  /**
   * Reads an item into columns that may come to be used.
   *
   * @throws MalformedJsonException if it cannot be read
   */
  void check(Slice item, TableColumns columns) {
    read(item, columns, columns.item());
  }

  @Override
  public Images read(@Nullable Slice before, @Nullable Slice after) throws InterruptedException {
    if (before == null && after == null) {
      throw new IllegalArgumentException("No image");
    }
    List<Slice> images = Stream.of(before, after).filter(Objects::nonNull).toList();
    TableColumns lacking = null;
    while (true) {
      TableColumns columns = structs.columns();
      Struct old = before == null ? null : read(before, columns, columns.image());
      Struct current = after == null ? null : read(after, columns, columns.image());
      if ((before == null || old != null) && (after == null || current != null)) {
        return new Images(columns.image(), old, current);
      }
      lacking = grow(lacking, columns, images);
    }
  }

  /** Null if the item needs more columns. */
  private @Nullable Struct read(Slice item, TableColumns columns, Schema schema) {
    if (!columns.knowKeys()) {
      return null;
    }
    Struct struct = new Struct(schema);
    Map<String, String> others = new LinkedHashMap<>();
    boolean partitionKey = false;
    boolean sortKey = false;
    in.reset(item);
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      boolean plain = in.readName();
      if (names.isPartitionKey(in, plain)) {
        partitionKey = true;
        key(struct, 0, columns.partitionKey());
      } else if (names.isSortKey(in, plain)) {
        sortKey = true;
        key(struct, 1, columns.sortKey());
      } else if (!attribute(in.tokenText(), columns, struct, others)) {
        return null;
      }
    }
    in.expectEnd();
    names.requireFound(partitionKey, sortKey);
    if (!others.isEmpty()) {
      struct.put(FieldNames.OTHER, others);
    }
    return struct;
  }

  private void key(Struct struct, int index, @Nullable ScalarType type) {
    KeyValue value = KeyValue.read(in);
    if (type == null || type.attributeType() != value.type()) {
      throw new MalformedJsonException(
          "a key attribute is of type "
              + value.type()
              + ", and its column is not; write to a topic that is not registered yet");
    }
    struct.put(struct.schema().fields().get(index), type.ofKey(value));
  }

  /** False if the value of the attribute needs more columns. */
  private boolean attribute(
      String name, TableColumns columns, Struct struct, Map<String, String> others) {
    int start = in.position();
    int index = columns.rest().indexOf(name);
    if (index >= 0) {
      Field field = struct.schema().fields().get(columns.fieldsBefore() + index);
      fit.reset();
      Object value = columns.rest().columns().get(index).type().read(in, field.schema(), fit);
      if (fit.lacksFields() && !fit.isRefused()) {
        in.rewind(start);
        if (grows(name, columns)) {
          return false;
        }
      }
      struct.put(field, fit.isRefused() ? null : value);
      if (fit.isExact()) {
        return true;
      }
    } else {
      if (ScalarReader.consumeNull(in)) {
        return true;
      }
      fit.reset();
      if (columns.mayAdd(name) && grows(name, columns)) {
        return false;
      }
    }
    in.rewind(start);
    others.put(name, texts.typed(in));
    return true;
  }

  /** Looks whether the next value, which its column does not hold, needs more columns. */
  private boolean grows(String name, TableColumns columns) {
    ColumnType type = types.ofNext(in, columns.pathOf(name));
    if (type == null) {
      return false;
    }
    StructLayout grown = TableColumns.grown(columns.rest(), new Column(name, type));
    if (grown == null) {
      fit.refuse();
    }
    return grown != null && grown != columns.rest();
  }
}
