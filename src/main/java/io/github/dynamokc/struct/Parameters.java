package io.github.dynamokc.struct;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.SchemaBuilder;

/** The parameters of schemas that tell what Connect's types cannot. */
final class Parameters {
  /** The DynamoDB type of a column, or {@code JSON}. */
  static final String TYPE = "dynamodb.type";

  /** The attribute's name, where the field's differs. */
  static final String NAME = "dynamodb.name";

  /** What Avro converters take for the precision of a Decimal. */
  static final String PRECISION = "connect.decimal.precision";

  private Parameters() {}

  static SchemaBuilder typed(SchemaBuilder builder, String type) {
    return builder.parameter(TYPE, type);
  }

  /** Adds the attribute's name if its field is named otherwise. */
  static SchemaBuilder named(SchemaBuilder builder, String attribute, String field) {
    // A registered field may stand for a name that is no Unicode, which cannot be written here.
    return attribute.equals(field) || !StandardCharsets.UTF_8.newEncoder().canEncode(attribute)
        ? builder
        : builder.parameter(NAME, attribute);
  }
}
