package io.github.dynamokc.struct;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.KeyValue;
import io.github.dynamokc.item.NumberText;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import java.math.BigDecimal;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Numbers, in one of three forms. */
sealed interface NumberType extends ScalarType {

  static NumberType of(NumberMode mode) {
    return switch (mode) {
      case DECIMAL -> new OfDecimal(18, 38);
      case STRING -> new OfString();
      case DOUBLE -> new OfDouble();
    };
  }

  @Override
  default AttributeType attributeType() {
    return AttributeType.N;
  }

  @Override
  default AttributeType setType() {
    return AttributeType.NS;
  }

  /** Text can hold any number. */
  record OfString() implements NumberType {
    @Override
    public SchemaBuilder builder() {
      return Parameters.typed(SchemaBuilder.string(), AttributeType.N.name());
    }

    @Override
    public Object ofToken(JsonCursor in) {
      return NumberText.plain(in);
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

  /**
   * Connect's Decimal, whose scale is part of the schema.
   *
   * @param scale digits after the point
   * @param precision digits in all
   */
  record OfDecimal(int scale, int precision) implements NumberType {
    @Override
    public SchemaBuilder builder() {
      return Parameters.typed(
          Decimal.builder(scale).parameter(Parameters.PRECISION, Integer.toString(precision)),
          AttributeType.N.name());
    }

    @Override
    public @Nullable Object ofToken(JsonCursor in) {
      return of(NumberText.parse(in));
    }

    @Override
    public Object ofKey(KeyValue value) {
      BigDecimal number = of(new BigDecimal(value.text()));
      if (number == null) {
        throw cannotBeKey(NumberMode.DECIMAL);
      }
      return number;
    }

    /** Its bytes say nothing about the scale. */
    @Override
    public @Nullable ColumnType reconcile(ColumnType other) {
      return other instanceof OfDecimal decimal && decimal.scale == scale ? this : null;
    }

    @Override
    public long schemaBytes() {
      return 260;
    }

    private @Nullable BigDecimal of(BigDecimal number) {
      if (number.signum() == 0) {
        return BigDecimal.ZERO.setScale(scale);
      }
      BigDecimal least = number.scale() <= scale ? number : number.stripTrailingZeros();
      boolean fits =
          least.scale() <= scale && least.precision() - least.scale() <= precision - scale;
      return fits ? least.setScale(scale) : null;
    }
  }

  /** Rounds, because the user asked for it; but not keys. */
  record OfDouble() implements NumberType {
    @Override
    public SchemaBuilder builder() {
      return Parameters.typed(SchemaBuilder.float64(), AttributeType.N.name());
    }

    @Override
    public Object ofToken(JsonCursor in) {
      return NumberText.parse(in).doubleValue();
    }

    @Override
    public Object ofKey(KeyValue value) {
      BigDecimal number = new BigDecimal(value.text());
      double rounded = number.doubleValue();
      if (new BigDecimal(Double.toString(rounded)).compareTo(number) != 0) {
        throw cannotBeKey(NumberMode.DOUBLE);
      }
      return rounded;
    }

    @Override
    public long schemaBytes() {
      return 72;
    }
  }

  private static MalformedJsonException cannotBeKey(NumberMode mode) {
    return new MalformedJsonException(
        "a number of the key cannot be held by "
            + mode.setting()
            + ", and two items must never share a key; use "
            + NumberMode.STRING.setting()
            + ", and a topic that is not registered yet if its schema has the column already");
  }
}
