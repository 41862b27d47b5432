package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Reads lists and sets.
 *
 * @param type L, SS, NS or BS
 * @param element reads what stands between commas
 */
record ArrayReader(AttributeType type, ValueReader element) implements ValueReader {

  @Override
  public @Nullable Object read(JsonCursor in, ReadResult fit) {
    if (!fit.open(in, type)) {
      return null;
    }
    List<@Nullable Object> elements = new ArrayList<>();
    fill(elements, in, fit);
    return fit.isRefused() ? null : elements;
  }

  /** Connect looks through a list that is put: let it be empty then. */
  @Override
  public void read(JsonCursor in, ReadResult fit, Struct struct, Field field) {
    if (fit.open(in, type)) {
      List<@Nullable Object> elements = new ArrayList<>();
      struct.put(field, elements);
      fill(elements, in, fit);
    }
  }

  private void fill(List<@Nullable Object> elements, JsonCursor in, ReadResult fit) {
    fit.descend();
    for (boolean more = in.beginArray(); more; more = in.nextElement()) {
      elements.add(element.read(in, fit));
      if (fit.isRefused()) {
        return;
      }
    }
    fit.ascend();
    in.expect('}');
  }
}
