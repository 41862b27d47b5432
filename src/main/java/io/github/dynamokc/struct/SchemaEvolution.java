package io.github.dynamokc.struct;

import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import org.jspecify.annotations.Nullable;

/** Finds the columns that an item needs. */
record SchemaEvolution(KeyNames names, TypeInference types) {

  /**
   * The columns with what they lack for an item.
   *
   * @return these very columns if they lack nothing
   * @throws io.github.dynamokc.json.MalformedJsonException if it is no item: no columns are added
   *     for what is refused
   */
  TableColumns evolve(TableColumns columns, Slice item) {
    ItemTranscoder.toDynamoDbJson(null).transcode(new JsonCursor().reset(item), new ByteSink());
    TableColumns withKeys = columns.knowKeys() ? columns : withKeys(columns, names.read(item));
    StructLayout rest = withKeys.rest();
    JsonCursor in = new JsonCursor().reset(item);
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      boolean plain = in.readName();
      boolean isKey = names.isPartitionKey(in, plain) || names.isSortKey(in, plain);
      String attribute = in.tokenText();
      if (isKey) {
        in.skipValue();
      } else {
        rest = grown(rest, attribute, types.ofNext(in, withKeys.pathOf(attribute)));
      }
    }
    return withKeys.with(rest);
  }

  private static StructLayout grown(
      StructLayout rest, String attribute, @Nullable ColumnType type) {
    StructLayout grown =
        type == null ? null : TableColumns.grown(rest, new Column(attribute, type));
    return grown == null ? rest : grown;
  }

  private TableColumns withKeys(TableColumns columns, ItemKey key) {
    return columns.withKeys(
        ScalarType.of(key.partition().type(), types.mode()),
        key.sort() == null ? null : ScalarType.of(key.sort().type(), types.mode()));
  }
}
