package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
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
    return decode(in.tokenText());
  }

  @Override
  public Object ofKey(KeyValue value) {
    return decode(value.text());
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Not kept as the cause: its message quotes the data.
      throw new MalformedJsonException("a binary attribute is not Base64");
    }
  }

  @Override
  public long schemaBytes() {
    return 72;
  }
}
