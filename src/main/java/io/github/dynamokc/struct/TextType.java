package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.json.JsonCursor;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Text. */
record TextType() implements ScalarType {

  @Override
  public AttributeType attributeType() {
    return AttributeType.S;
  }

  @Override
  public AttributeType setType() {
    return AttributeType.SS;
  }

  @Override
  public SchemaBuilder builder() {
    return Parameters.typed(SchemaBuilder.string(), AttributeType.S.name());
  }

  @Override
  public Object ofToken(JsonCursor in) {
    return in.tokenText();
  }

  @Override
  public Object ofKey(KeyValue value) {
    return value.text();
  }

  @Override
  public long schemaBytes() {
    return 72;
  }
}
