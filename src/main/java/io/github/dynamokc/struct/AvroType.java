package io.github.dynamokc.struct;

import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The Avro schema of a field or element, as Connect's converters write it. */
final class AvroType {
  /** Where converters keep the parameters of Connect's schemas. */
  static final String PARAMETERS = "connect.parameters";

  private final Schema schema;
  private final boolean optional;

  /**
   * @param schema optional ones are unions with null
   */
  AvroType(Schema schema) {
    Schema other = schema.isUnion() && schema.isNullable() ? otherThanNull(schema) : null;
    this.schema = other == null ? schema : other;
    this.optional = other != null;
  }

  /** What it is if it is not null. */
  Schema schema() {
    return schema;
  }

  Schema.Type type() {
    return schema.getType();
  }

  boolean isOptional() {
    return optional;
  }

  @Nullable String parameter(String name) {
    return schema.getObjectProp(PARAMETERS) instanceof Map<?, ?> parameters
            && parameters.get(name) instanceof String value
        ? value
        : null;
  }

  /**
   * Whether it holds a DynamoDB type. Without a parameter that names the type, any that looks like
   * it will do.
   */
  boolean isOf(String attributeType) {
    String type = parameter(Parameters.TYPE);
    return type == null || type.equals(attributeType);
  }

  NumberType.@Nullable OfDecimal decimal() {
    return schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
        ? new NumberType.OfDecimal(decimal.getScale(), decimal.getPrecision())
        : null;
  }

  /** Null for a union of more than one type with null. */
  private static @Nullable Schema otherThanNull(Schema union) {
    if (union.getTypes().size() != 2) {
      return null;
    }
    Schema first = union.getTypes().get(0);
    return first.getType() == Schema.Type.NULL ? union.getTypes().get(1) : first;
  }
}
