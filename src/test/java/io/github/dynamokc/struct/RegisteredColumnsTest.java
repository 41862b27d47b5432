package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.json.Slice;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restarted task, or another one, takes over from the registry. */
class RegisteredColumnsTest {
  private static final String EVERYTHING =
      item(
          "\"s\":{\"S\":\"x\"},\"n\":{\"N\":\"1\"},\"b\":{\"B\":\"\"},\"o\":{\"BOOL\":true},"
              + "\"ss\":{\"SS\":[\"x\"]},\"ns\":{\"NS\":[\"1\"]},\"bs\":{\"BS\":[\"\"]},"
              + "\"l\":{\"L\":[{\"N\":\"1\"}]},\"ll\":{\"L\":[{\"L\":[{\"M\":{\"x\":{\"S\":\"\"}}}]}]},"
              + "\"m\":{\"M\":{\"x y\":{\"M\":{\"z\":{\"L\":[{\"S\":\"x\"}]}}}}},"
              + "\"j\":{\"L\":[{\"N\":\"1\"},{\"S\":\"x\"}]},\"\":{\"S\":\"x\"},\"__other\":{\"S\":\"x\"}");

  private final FakeRegistry registry = new FakeRegistry();

  private ColumnStructs structs(NumberMode mode) {
    return new ColumnStructs("orders.Value", "pk", null, mode, registry);
  }

  private static String item(String attributes) {
    return "{\"pk\":{\"N\":\"1\"}" + (attributes.isEmpty() ? "" : ",") + attributes + "}";
  }

  private static Struct read(ColumnStructs structs, String attributes) throws InterruptedException {
    return structs.reader().read(Slice.of(item(attributes)));
  }

  private static List<String> names(Schema schema) {
    return schema.fields().stream().map(Field::name).toList();
  }

  @ParameterizedTest
  @EnumSource
  void columnsOfAllTypesComeBackUnchanged(NumberMode mode) throws InterruptedException {
    Schema schema = structs(mode).reader().read(Slice.of(EVERYTHING)).schema();
    registry.register(schema);
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(restarted.columns().item()).isEqualTo(schema);
    assertThat(restarted.reader().read(Slice.of(EVERYTHING)).schema())
        .isSameAs(restarted.columns().item());
    assertThat(registry.asked()).isEqualTo(2);
  }

  @Test
  void columnsThatTwoTasksRegisteredApartComeTogether() throws InterruptedException {
    ColumnStructs left = structs(NumberMode.DECIMAL);
    ColumnStructs right = structs(NumberMode.DECIMAL);
    Schema ofLeft = read(left, "\"l\":{\"S\":\"x\"}").schema();
    Schema ofRight = read(right, "\"r\":{\"S\":\"x\"}").schema();
    registry.register(ofLeft);
    registry.register(ofRight);
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(names(restarted.columns().item())).containsExactly("pk", "__other", "r", "l");
  }

  @Test
  void columnsAreFoundInsideOfAnEnvelope() throws InterruptedException {
    ItemStructReader.Images images =
        structs(NumberMode.DECIMAL).reader().read(null, Slice.of(EVERYTHING));
    registry.register(
        SchemaBuilder.struct()
            .name("orders.Envelope")
            .field("op", Schema.STRING_SCHEMA)
            .field("source", SchemaBuilder.struct().name("Source").field("x", Schema.STRING_SCHEMA))
            .field("before", images.schema())
            .field("after", images.schema())
            .build());
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(restarted.columns().image()).isEqualTo(images.schema());
  }

  @Test
  void columnsWithoutParametersHaveTheTypesOfTheirSchemas() throws InterruptedException {
    Schema schema = structs(NumberMode.DECIMAL).reader().read(Slice.of(EVERYTHING)).schema();
    registry.register(ConnectAsAvro.withoutParameters(schema));
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(names(restarted.columns().item())).isEqualTo(names(schema));
    for (Field field : restarted.columns().item().fields()) {
      Map<String, String> was = schema.field(field.name()).schema().parameters();
      if (was != null && !was.get("dynamodb.type").equals("JSON")) {
        assertThat(field.schema()).isEqualTo(schema.field(field.name()).schema());
      }
    }
  }

  @Test
  void columnsOfOthersComeFirstAndKeepTheirTypes() throws InterruptedException {
    ColumnStructs first = structs(NumberMode.DECIMAL);
    ColumnStructs second = structs(NumberMode.STRING);
    read(first, "\"a\":{\"S\":\"x\"},\"m\":{\"M\":{\"x\":{\"S\":\"\"}}},\"both\":{\"S\":\"x\"}");
    registry.register(
        read(second, "\"both\":{\"N\":\"1\"},\"m\":{\"M\":{\"y\":{\"N\":\"1\"}}}").schema());
    Struct struct =
        read(
            first,
            "\"both\":{\"S\":\"x\"},\"m\":{\"M\":{\"y\":{\"N\":\"1.50\"}}},\"z\":{\"S\":\"x\"}");
    assertThat(names(struct.schema())).containsExactly("pk", "__other", "both", "m", "a", "z");
    assertThat(struct.get("pk")).as("in the other's number mode").isEqualTo("1");
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("both", "{\"S\":\"x\"}"));
    assertThat(struct.getStruct("m").get("y")).isEqualTo("1.50");
    assertThat(names(struct.schema().field("m").schema())).containsExactly("y", "x");
  }

  @Test
  void anAttributeThatIsKnownElsewhereAddsNothing() throws InterruptedException {
    ColumnStructs first = structs(NumberMode.DECIMAL);
    ColumnStructs second = structs(NumberMode.DECIMAL);
    registry.register(read(first, "\"a\":{\"S\":\"x\"},\"b\":{\"S\":\"x\"}").schema());
    assertThat(read(second, "\"b\":{\"S\":\"x\"}").schema()).isEqualTo(first.columns().item());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[\"null\",\"int\"]",
        "[\"null\",\"string\",\"long\"]",
        "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}",
        "{\"type\":\"map\",\"values\":\"string\"}",
        "{\"type\":\"array\",\"items\":\"boolean\"}",
        "[\"null\",{\"type\":\"string\",\"connect.parameters\":{\"dynamodb.type\":\"B\"}}]",
        "[\"null\",{\"type\":\"string\",\"connect.parameters\":{\"dynamodb.name\":\"b\"}}]",
        "[\"null\",{\"type\":\"record\",\"name\":\"Elsewhere\",\"fields\":[]}]",
        "[\"null\",\"Value\"]",
      })
  void aForeignFieldIsLeftAlone(String type) throws InterruptedException {
    registry.register(
        "{\"type\":\"record\",\"name\":\"Value\",\"namespace\":\"orders\",\"fields\":["
            + "{\"name\":\"pk\",\"type\":\"string\"},{\"name\":\"a\",\"type\":"
            + type
            + "},{\"name\":\"s\",\"type\":[\"null\",\"string\"],\"default\":7}]}");
    ColumnStructs structs =
        new ColumnStructs("orders.Value", "pk", null, NumberMode.DECIMAL, registry);
    structs.seed();
    int asked = registry.asked();
    Struct struct =
        structs
            .reader()
            .read(Slice.of("{\"pk\":{\"S\":\"k\"},\"a\":{\"S\":\"x\"},\"s\":{\"S\":\"y\"}}"));
    assertThat(names(struct.schema())).containsExactly("pk", "__other", "s");
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("a", "{\"S\":\"x\"}"));
    assertThat(struct.get("s")).isEqualTo("y");
    assertThat(registry.asked()).isEqualTo(asked);
  }

  @Test
  void aRecordOfAnotherNameIsNotTheTables() throws InterruptedException {
    registry.register("{\"type\":\"record\",\"name\":\"Other\",\"fields\":[]}");
    ColumnStructs structs = structs(NumberMode.DECIMAL);
    structs.seed();
    assertThat(names(read(structs, "\"a\":{\"S\":\"x\"}").schema()))
        .containsExactly("pk", "__other", "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "message Value {}", "{\"type\":\"object\"}", "[\"null\",", "7"})
  void aMalformedAvroSchemaFailsWithAReason(String text) {
    registry.register(text);
    ColumnStructs structs = structs(NumberMode.DECIMAL);
    assertThatThrownBy(structs::seed)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("orders.Value")
        .hasMessageContaining("not an Avro schema");
  }
}
