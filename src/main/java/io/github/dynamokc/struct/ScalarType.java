package io.github.dynamokc.struct;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.event.JsonCursor;
import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.KeyValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Text, numbers and bytes: what JSON strings carry, keys are made of, and sets are sets of. */
sealed interface ScalarType permits TextType, NumberType, BinaryType {

  /** S, N or B. */
  AttributeType attributeType();

  /** A schema to be completed, with the DynamoDB type among its parameters. */
  SchemaBuilder builder();

  /** The value of the JSON string that was read last, null if it cannot be held exactly. */
  @Nullable Object ofToken(JsonCursor in);

  /**
   * The value of a key attribute; different keys have different values.
   *
   * @throws io.github.dynamokc.event.MalformedJsonException if it cannot be held exactly
   */
  Object ofKey(KeyValue value);

  /** How key attributes of a type are held. */
  static ScalarType ofKeys(AttributeType type, NumberMode mode) {
    return switch (type) {
      case S -> new TextType();
      case N -> NumberType.of(mode);
      case B -> new BinaryType();
      case BOOL, NULL, M, L, SS, NS, BS ->
          throw new IllegalArgumentException("Not of keys: " + type);
    };
  }
}
