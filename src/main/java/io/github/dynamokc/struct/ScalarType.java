package io.github.dynamokc.struct;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.json.JsonCursor;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** Text, numbers and bytes: what JSON strings carry, keys are made of, and sets are sets of. */
sealed interface ScalarType extends ColumnType permits TextType, NumberType, BinaryType {

  /** S, N or B. */
  AttributeType attributeType();

  /** SS, NS or BS. */
  AttributeType setType();

  /** The value of the JSON string that was read last, null if it cannot be held exactly. */
  @Nullable Object ofToken(JsonCursor in);

  /**
   * The value of a key attribute; different keys have different values.
   *
   * @throws io.github.dynamokc.json.MalformedJsonException if it cannot be held exactly
   */
  Object ofKey(KeyValue value);

  @Override
  default ValueReader reader(Schema schema) {
    return this::read;
  }

  private @Nullable Object read(JsonCursor in, ReadResult fit) {
    if (!fit.open(in, attributeType())) {
      return null;
    }
    Object value = readString(in, fit);
    in.expect('}');
    return value;
  }

  /** Reads what stands behind the type, or in a set. */
  default @Nullable Object readString(JsonCursor in, ReadResult fit) {
    in.readString();
    Object value = ofToken(in);
    if (value == null) {
      fit.refuse();
    }
    return value;
  }

  /** Numbers stay in the form that they have. */
  @Override
  default @Nullable ColumnType merge(ColumnType other, MergeMode mode) {
    return other instanceof ScalarType scalar && scalar.attributeType() == attributeType()
        ? this
        : mode.conflict(this);
  }

  /** How attributes of the types of keys are held. */
  static ScalarType of(AttributeType type, NumberMode mode) {
    return switch (type) {
      case S -> new TextType();
      case N -> NumberType.of(mode);
      case B -> new BinaryType();
      case BOOL, NULL, M, L, SS, NS, BS -> throw new IllegalArgumentException("No scalar: " + type);
    };
  }
}
