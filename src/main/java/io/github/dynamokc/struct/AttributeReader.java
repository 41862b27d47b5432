package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Reads items into the fixed schema of {@link AttributeStructs}. Not thread-safe. */
final class AttributeReader implements ItemStructReader {
  private static final ScalarType TEXT = new TextType();
  private static final ScalarType NUMBER = new NumberType.OfString();
  private static final ScalarType BINARY = new BinaryType();

  private final JsonCursor in = new JsonCursor();
  private final DynamoDbJson texts = new DynamoDbJson();

  @Override
  public Struct read(Slice item) {
    return read(item, AttributeStructs.ITEM);
  }

  @Override
  public Images read(@Nullable Slice before, @Nullable Slice after) {
    if (before == null && after == null) {
      throw new IllegalArgumentException("No image");
    }
    return new Images(AttributeStructs.IMAGE, image(before), image(after));
  }

  private @Nullable Struct image(@Nullable Slice item) {
    return item == null ? null : read(item, AttributeStructs.IMAGE);
  }

  private Struct read(Slice item, Schema schema) {
    Map<String, Struct> attributes = new LinkedHashMap<>();
    in.reset(item);
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      in.readName();
      String name = in.tokenText();
      attributes.put(name, value());
    }
    in.expectEnd();
    return new Struct(schema).put(AttributeStructs.ATTRIBUTES, attributes);
  }

  private Struct value() {
    int start = in.position();
    AttributeType type = AttributeType.open(in);
    Struct value = new Struct(AttributeStructs.VALUE).put(AttributeStructs.TYPE, type.name());
    switch (type) {
      case S -> value.put(type.name(), scalar(TEXT));
      case N -> value.put(type.name(), scalar(NUMBER));
      case B -> value.put(type.name(), scalar(BINARY));
      case BOOL -> value.put(type.name(), ScalarReader.bool(in));
      case NULL -> ScalarReader.expectTrue(in);
      case SS -> value.put(type.name(), set(TEXT));
      case NS -> value.put(type.name(), set(NUMBER));
      case BS -> value.put(type.name(), set(BINARY));
      case M, L -> {
        in.rewind(start);
        return value.put(type.name(), texts.inside(in, type));
      }
    }
    in.expect('}');
    return value;
  }

  private Object scalar(ScalarType type) {
    in.readString();
    return Objects.requireNonNull(type.ofToken(in), "text, binary and numbers as text hold all");
  }

  private List<Object> set(ScalarType type) {
    List<Object> elements = new ArrayList<>();
    for (boolean more = in.beginArray(); more; more = in.nextElement()) {
      elements.add(scalar(type));
    }
    return elements;
  }
}
