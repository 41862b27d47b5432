package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Reads maps whose attributes have fields. */
final class StructReader implements ValueReader {
  private final StructLayout layout;
  private final Schema schema;
  private final StructFields fields;

  StructReader(StructLayout layout, Schema schema) {
    this.layout = layout;
    this.schema = schema;
    this.fields = new StructFields(layout, schema);
  }

  @Override
  public @Nullable Object read(JsonCursor in, ReadResult fit) {
    if (!fit.open(in, AttributeType.M)) {
      return null;
    }
    Struct struct = new Struct(schema);
    int last = -1;
    fit.descend();
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      in.readName();
      int index = fields.indexOf(in, last);
      if (index < 0) {
        unknown(in.tokenText(), in, fit);
      } else {
        fields.read(index, in, fit, struct);
        last = index;
      }
      if (fit.isRefused()) {
        return null;
      }
    }
    fit.ascend();
    in.expect('}');
    return struct;
  }

  private void unknown(String attribute, JsonCursor in, ReadResult fit) {
    if (ScalarReader.consumeNull(in)) {
      return;
    }
    if (layout.refuses(attribute) || layout.size() >= StructType.MAX_FIELDS) {
      fit.refuse();
    } else {
      fit.needsField();
      in.skipValue();
    }
  }
}
