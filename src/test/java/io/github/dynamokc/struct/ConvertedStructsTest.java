package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.json.Slice;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema.Parser;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;

/** Structs are what converters take, and what they give back. */
class ConvertedStructsTest {
  private final JsonConverter converter = new JsonConverter();

  ConvertedStructsTest() {
    converter.configure(Map.of("schemas.enable", "true"), false);
  }

  private Struct converted(Struct struct) {
    byte[] json = converter.fromConnectData("topic", struct.schema(), struct);
    SchemaAndValue back = converter.toConnectData("topic", json);
    assertThat(back.schema()).isEqualTo(struct.schema());
    return (Struct) back.value();
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void columnsComeBackFromJson(@ForAll("items") String item, @ForAll boolean decimals)
      throws InterruptedException {
    NumberMode mode = decimals ? NumberMode.DECIMAL : NumberMode.STRING;
    ItemStructReader reader = ColumnStructs.unregistered("orders.Value", "pk", null, mode).reader();
    assertThat(TypedValues.ofColumns(converted(reader.read(Slice.of(item)))))
        .isEqualTo(TypedValues.ofItem(item));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void attributesComeBackFromJson(@ForAll("unicodeItems") String item) throws InterruptedException {
    Struct struct = new AttributeStructs("pk", null).reader().read(Slice.of(item));
    assertThat(TypedValues.ofAttributes(converted(struct))).isEqualTo(TypedValues.ofItem(item));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void schemasAreGoodInAvroWhereNamesAreStrict(@ForAll("items") String item)
      throws InterruptedException {
    ColumnStructs structs =
        ColumnStructs.unregistered("orders.Value", "pk", null, NumberMode.DECIMAL);
    Struct struct = structs.reader().read(Slice.of(item));
    assertThat(new Parser().parse(ConnectAsAvro.json(struct.schema())).getFullName())
        .isEqualTo("orders.Value");
  }

  @Provide
  Arbitrary<String> items() {
    return StructItems.items();
  }

  @Provide
  Arbitrary<String> unicodeItems() {
    return StructItems.items().filter(item -> !item.matches("(?is).*\\\\ud[89a-f].*"));
  }
}
