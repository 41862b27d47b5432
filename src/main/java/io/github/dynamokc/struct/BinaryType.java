package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.Base64Text;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.json.JsonCursor;
import java.util.Base64;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Bytes, of the Base64 in which DynamoDB JSON has them. */
record BinaryType() implements ScalarType {

  @Override
  public AttributeType attributeType() {
    return AttributeType.B;
  }

  @Override
  public AttributeType setType() {
    return AttributeType.BS;
  }

  @Override
  public SchemaBuilder builder() {
    return Parameters.typed(SchemaBuilder.bytes(), AttributeType.B.name());
  }

  @Override
  public Object ofToken(JsonCursor in) {
    return Base64Text.decode(in);
  }

  @Override
  public Object ofKey(KeyValue value) {
    return Base64.getDecoder().decode(value.text());
  }

  @Override
  public long schemaBytes() {
    return 72;
  }
}
