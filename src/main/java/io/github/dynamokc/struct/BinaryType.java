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
    Base64Text.check(in);
    return decode(in.tokenText());
  }

  @Override
  public Object ofKey(KeyValue value) {
    return decode(value.text());
  }

  /** Of text that was checked. */
  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  @Override
  public long schemaBytes() {
    return 72;
  }
}
