package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.item.DynamoDbJson;
import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.math.BigDecimal;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyStructsTest {
  private final KeyStructs keys = new KeyStructs("orders.Key", NumberMode.DECIMAL);

  private static ItemKey key(KeyNames names, String attributes) {
    return names.read(Slice.of(attributes));
  }

  @Test
  void thePartitionKeyComesFirstAndBothAreRequired() {
    KeyNames names = new KeyNames("p k", "a");
    Struct key = keys.of(key(names, "{\"a\":{\"B\":\"MDAwMA==\"},\"p k\":{\"S\":\"x\"}}"));
    key.validate();
    assertThat(key.schema().name()).isEqualTo("orders.Key");
    assertThat(key.schema().fields()).extracting(Field::name).containsExactly("p_x0020_k", "a");
    assertThat(key.schema().fields()).noneMatch(field -> field.schema().isOptional());
    assertThat(key.schema().field("p_x0020_k").schema().parameters())
        .isEqualTo(Map.of("dynamodb.type", "S", "dynamodb.name", "p k"));
    assertThat(key.get("p_x0020_k")).isEqualTo("x");
    assertThat(key.getBytes("a")).isEqualTo(new byte[] {'0', '0', '0', '0'});
  }

  @Test
  void thereIsOneSchemaForAllKeysOfATable() {
    KeyNames names = new KeyNames("pk", null);
    Schema schema = keys.of(key(names, "{\"pk\":{\"S\":\"x\"}}")).schema();
    assertThat(keys.of(key(names, "{\"pk\":{\"S\":\"y\"}}")).schema()).isSameAs(schema);
    Struct number = keys.of(key(names, "{\"pk\":{\"N\":\"420E-1\"}}"));
    assertThat(number.schema().field("pk").schema().name()).isEqualTo(Decimal.LOGICAL_NAME);
    assertThat((BigDecimal) number.get("pk")).isEqualByComparingTo("42");
  }

  @ParameterizedTest
  @CsvSource({"860670, 860670", "420E-1, 42", "42.0, 42", "0E0, 0", "-0, 0", "1E+2, 100"})
  void aNumberHasOneFormAsTextAndAsDouble(String number, String text) {
    ItemKey key = key(new KeyNames("pk", null), "{\"pk\":{\"N\":\"" + number + "\"}}");
    assertThat(new KeyStructs("k", NumberMode.STRING).of(key).get("pk")).isEqualTo(text);
    assertThat(new KeyStructs("k", NumberMode.DOUBLE).of(key).get("pk"))
        .isEqualTo(Double.parseDouble(text));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void twoNumbersNeverShareAKey(
      @ForAll("numbers") String a, @ForAll("numbers") String b, @ForAll NumberMode mode) {
    KeyNames names = new KeyNames("pk", null);
    KeyStructs structs = new KeyStructs("k", mode);
    Struct first = orNull(structs, key(names, "{\"pk\":{\"N\":\"" + a + "\"}}"));
    Struct second = orNull(structs, key(names, "{\"pk\":{\"N\":\"" + b + "\"}}"));
    if (first != null && second != null) {
      assertThat(first.equals(second))
          .isEqualTo(new BigDecimal(a).compareTo(new BigDecimal(b)) == 0);
    }
    if (mode == NumberMode.STRING) {
      assertThat(first).isNotNull();
    }
  }

  private static Struct orNull(KeyStructs structs, ItemKey key) {
    try {
      return structs.of(key);
    } catch (MalformedJsonException e) {
      assertThat(e).hasMessageContaining("use struct.number.mode=string");
      return null;
    }
  }

  @Test
  void halfOfASurrogatePairIsNoKey() {
    KeyNames names = new KeyNames("pk", null);
    assertThatThrownBy(() -> key(names, "{\"pk\":{\"S\":\"\\ud800\"}}"))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Provide
  Arbitrary<String> numbers() {
    return DynamoDbJson.numbers();
  }
}
