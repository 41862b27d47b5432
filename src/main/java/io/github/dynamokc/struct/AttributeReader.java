package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Reads items into the fixed schema of {@link AttributeStructs}. Not thread-safe. */
final class AttributeReader implements ItemStructReader {
  private static final ScalarType TEXT = new TextType();
  private static final ScalarType NUMBER = new NumberType.OfString();
  private static final ScalarType BINARY = new BinaryType();
  private static final Field TYPE = field(AttributeStructs.TYPE);
  private static final Map<AttributeType, Field> VALUES = new EnumMap<>(AttributeType.class);

  static {
    for (AttributeType type : AttributeType.values()) {
      if (type != AttributeType.NULL) {
        VALUES.put(type, field(type.name()));
      }
    }
  }

  private final KeyNames names;
  private final JsonCursor cursor = new JsonCursor();
  private final DynamoDbJson texts = new DynamoDbJson();
  private JsonCursor in = cursor;
  private @Nullable KeyValue partitionKey;
  private @Nullable KeyValue sortKey;

  AttributeReader(KeyNames names) {
    this.names = names;
  }

  private static Field field(String name) {
    Schema schema = AttributeStructs.VALUE;
    return StructFields.unnamed(schema, schema.field(name).index());
  }

  @Override
  public Struct read(JsonCursor item) {
    return read(item, AttributeStructs.ITEM);
  }

  @Override
  public Struct readImage(JsonCursor item) {
    return read(item, AttributeStructs.IMAGE);
  }

  private Struct read(JsonCursor item, Schema schema) {
    in = item;
    partitionKey = null;
    sortKey = null;
    Struct struct = new Struct(schema);
    Map<String, Struct> attributes = attributes(struct);
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      boolean plain = in.readName();
      boolean isPartitionKey = names.isPartitionKey(in, plain);
      boolean isSortKey = !isPartitionKey && names.isSortKey(in, plain);
      AttributeType type = attribute(attributes);
      if (isPartitionKey) {
        partitionKey = KeyValue.ofToken(type, in);
      } else if (isSortKey) {
        sortKey = KeyValue.ofToken(type, in);
      }
    }
    return struct;
  }

  @Override
  public ItemKey key() {
    return names.key(partitionKey, sortKey);
  }

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

  /** Keys are not looked at: a change tells its own. */
  private Struct read(Slice item, Schema schema) {
    in = cursor.reset(item);
    Struct struct = new Struct(schema);
    Map<String, Struct> attributes = attributes(struct);
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      in.readName();
      attribute(attributes);
    }
    in.expectEnd();
    return struct;
  }

  /** The attributes of an item. Connect looks through a map that is put: let it be empty then. */
  private static Map<String, Struct> attributes(Struct item) {
    Map<String, Struct> attributes = new LinkedHashMap<>();
    item.put(AttributeStructs.ATTRIBUTES, attributes);
    return attributes;
  }

  /** Reads the value of the attribute whose name was read last. */
  private AttributeType attribute(Map<String, Struct> attributes) {
    Struct value = new Struct(AttributeStructs.VALUE);
    attributes.put(in.tokenText(), value);
    int start = in.position();
    AttributeType type = AttributeType.open(in);
    value.put(TYPE, type.name());
    switch (type) {
      case S -> put(value, type, scalar(TEXT));
      case N -> put(value, type, scalar(NUMBER));
      case B -> put(value, type, scalar(BINARY));
      case BOOL -> put(value, type, ScalarReader.bool(in));
      case NULL -> ScalarReader.expectTrue(in);
      case SS -> put(value, type, set(TEXT));
      case NS -> put(value, type, set(NUMBER));
      case BS -> put(value, type, set(BINARY));
      case M, L -> {
        in.rewind(start);
        put(value, type, texts.inside(in, type));
        return type;
      }
    }
    in.expect('}');
    return type;
  }

  private static void put(Struct value, AttributeType type, Object content) {
    value.put(VALUES.get(type), content);
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
