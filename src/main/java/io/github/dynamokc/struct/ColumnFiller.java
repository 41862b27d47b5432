package io.github.dynamokc.struct;

import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Fills the columns of an item, as far as they are known. Not thread-safe. */
final class ColumnFiller {
  private final KeyNames names;
  private final TypeInference types;
  private final DynamoDbJson texts = new DynamoDbJson();
  private final ReadResult fit = new ReadResult(texts);
  private @Nullable KeyValue partitionKey;
  private @Nullable KeyValue sortKey;

  /** The column that was read last, -1 if none was. */
  private int last;

  /** What the columns do not hold of the item, null for nothing. */
  private @Nullable Map<String, String> other;

  ColumnFiller(KeyNames names, TypeInference types) {
    this.names = names;
    this.types = types;
  }

  /** The partition key of the item that was read last. */
  @Nullable KeyValue partitionKey() {
    return partitionKey;
  }

  /** The sort key of the item that was read last, if it has one. */
  @Nullable KeyValue sortKey() {
    return sortKey;
  }

  /**
   * Steps over the item that is next.
   *
   * @param columns the known ones
   * @param fields those of the item, or of an image
   * @return null if the item needs more columns; it is not stepped over then
   */
  @Nullable Struct fill(JsonCursor in, TableColumns columns, ItemFields fields) {
    partitionKey = null;
    sortKey = null;
    last = -1;
    other = null;
    if (!columns.knowKeys()) {
      return null;
    }
    Struct struct = fields.struct();
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      boolean plain = in.readName();
      if (names.isPartitionKey(in, plain)) {
        partitionKey = KeyValue.read(in);
        fields.putKey(struct, 0, held(partitionKey, columns.partitionKey()));
      } else if (names.isSortKey(in, plain)) {
        sortKey = KeyValue.read(in);
        fields.putKey(struct, 1, held(sortKey, columns.sortKey()));
      } else if (!attribute(in, columns, fields.rest(), struct)) {
        return null;
      }
    }
    names.requireFound(partitionKey != null, sortKey != null);
    if (other != null) {
      fields.putOther(struct, other);
    }
    return struct;
  }

  private static Object held(KeyValue value, @Nullable ScalarType type) {
    if (type == null || type.attributeType() != value.type()) {
      throw new MalformedJsonException(
          "a key attribute is of type "
              + value.type()
              + ", and its column is not; write to a topic that is not registered yet");
    }
    return type.ofKey(value);
  }

  /** False if the value of the attribute needs more columns. */
  private boolean attribute(
      JsonCursor in, TableColumns columns, StructFields fields, Struct struct) {
    int index = fields.indexOf(in, last);
    if (index < 0) {
      return unknown(in, columns, in.tokenText());
    }
    last = index;
    int start = in.position();
    fit.reset();
    fields.read(index, in, fit, struct);
    if (fit.isExact()) {
      return true;
    }
    String name = columns.rest().columns().get(index).attribute();
    in.rewind(start);
    if (!fit.isRefused() && grows(in, columns, name)) {
      return false;
    }
    if (fit.isRefused()) {
      fields.clear(index, struct);
    }
    in.rewind(start);
    putOther(in, name);
    return true;
  }

  /** The same for an attribute without a column. */
  private boolean unknown(JsonCursor in, TableColumns columns, String name) {
    if (ScalarReader.consumeNull(in)) {
      return true;
    }
    int start = in.position();
    if (columns.mayAdd(name) && grows(in, columns, name)) {
      return false;
    }
    in.rewind(start);
    putOther(in, name);
    return true;
  }

  private void putOther(JsonCursor in, String name) {
    if (other == null) {
      other = new LinkedHashMap<>();
    }
    other.put(name, texts.typed(in, 0));
  }

  /** Looks whether the next value, which its column does not hold, needs more columns. */
  private boolean grows(JsonCursor in, TableColumns columns, String name) {
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
