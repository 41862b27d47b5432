package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  private static final String CONFLICTS =
      "\"s\":{\"S\":\"x\"},\"n\":{\"N\":\"1\"},\"ns\":{\"NS\":[\"1\"]},\"l\":{\"L\":[{\"N\":\"1\"}]},"
          + "\"m\":{\"M\":{\"t\":{\"S\":\"x\"},\"n\":{\"N\":\"1\"}}}";

  private final FakeRegistry registry = new FakeRegistry();

  private ColumnStructs structs(NumberMode mode) {
    return ColumnStructs.registered(
        "orders.Value", "pk", null, mode, registry, (item, image) -> item);
  }

  private static String item(String attributes) {
    return "{\"pk\":{\"N\":\"1\"}" + (attributes.isEmpty() ? "" : ",") + attributes + "}";
  }

  /** A task of a version, or a worker, that knows of no registry. */
  private static ColumnStructs alone(NumberMode mode) {
    return ColumnStructs.unregistered("orders.Value", "pk", null, mode);
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
    Schema schema = alone(mode).reader().read(Slice.of(EVERYTHING)).schema();
    registry.values().register(schema);
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(restarted.columns().item()).isEqualTo(schema);
    assertThat(restarted.reader().read(Slice.of(EVERYTHING)).schema())
        .isSameAs(restarted.columns().item());
    assertThat(registry.claims().schemas())
        .containsExactly(Claim.of(AvroSchemas.of(restarted.columns().item())).toString());
  }

  @Test
  void columnsThatTwoTasksRegisteredApartComeTogether() throws InterruptedException {
    ColumnStructs left = alone(NumberMode.DECIMAL);
    ColumnStructs right = alone(NumberMode.DECIMAL);
    Schema ofLeft = read(left, "\"l\":{\"S\":\"x\"}").schema();
    Schema ofRight = read(right, "\"r\":{\"S\":\"x\"}").schema();
    registry.values().register(ofLeft);
    registry.values().register(ofRight);
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(names(restarted.columns().item())).containsExactly("pk", "__other", "l", "r");
  }

  @Test
  void columnsThatWereRegisteredWithSeveralTypesAreNoneAnyMore() throws InterruptedException {
    registry.values().register(read(alone(NumberMode.DECIMAL), CONFLICTS).schema());
    registry.values().register(read(alone(NumberMode.STRING), CONFLICTS).schema());
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    Struct struct = read(restarted, CONFLICTS);
    assertThat(names(struct.schema())).containsExactly("pk", "__other", "s", "m");
    assertThat(struct.getMap("__other")).containsOnlyKeys("n", "ns", "l", "m");
    assertThat(names(struct.schema().field("m").schema())).containsExactly("t");
    assertThat(struct.get("m")).as("a part of it would be something else").isNull();
    assertThat(read(restarted, "\"m\":{\"M\":{\"t\":{\"S\":\"x\"}}}").getStruct("m").get("t"))
        .isEqualTo("x");
  }

  /** The scale is not in the bytes. */
  @Test
  void decimalsOfAnotherScaleAreAnotherType() throws InterruptedException {
    String avro = AvroSchemas.of(read(alone(NumberMode.DECIMAL), CONFLICTS).schema()).toString();
    registry.values().register(avro);
    registry.values().register(avro.replace("\"scale\":18", "\"scale\":2"));
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(names(read(restarted, CONFLICTS).schema()))
        .containsExactly("pk", "__other", "s", "m");
  }

  @Test
  void anEarlierVersionThatIsNotAvroIsLeftAlone() throws InterruptedException {
    registry.values().add(new SchemaSubject.Version.NotAvro("PROTOBUF"));
    registry.values().register("message Value {}");
    registry.values().register(read(alone(NumberMode.DECIMAL), "\"a\":{\"S\":\"x\"}").schema());
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(names(restarted.columns().item())).containsExactly("pk", "__other", "a");
  }

  @Test
  void aLatestVersionThatIsNotAvroFailsWithAReason() {
    registry.values().add(new SchemaSubject.Version.NotAvro("PROTOBUF"));
    ColumnStructs structs = structs(NumberMode.DECIMAL);
    assertThatThrownBy(structs::seed)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("orders-value")
        .hasMessageContaining("PROTOBUF");
  }

  @Test
  void columnsComeBackThoughTheConverterKeepsNoParameters() throws InterruptedException {
    ColumnStructs first = structs(NumberMode.STRING);
    Schema schema = first.reader().read(Slice.of(EVERYTHING)).schema();
    registry.values().register(ConnectAsAvro.withoutParameters(schema));
    ColumnStructs restarted = structs(NumberMode.STRING);
    restarted.seed();
    assertThat(restarted.columns().item()).isEqualTo(schema);
  }

  /** Neither those that the item found, nor those that it took over before it turned out so. */
  @Test
  void anItemThatCannotBeReadChangesNoColumns() throws InterruptedException {
    registry.values().register(read(alone(NumberMode.DECIMAL), "\"x\":{\"S\":\"a\"}").schema());
    ColumnStructs structs = structs(NumberMode.DECIMAL);
    assertThatThrownBy(() -> read(structs, "\"new\":{\"S\":\"a\"},\"broken\":{\"N\":}"))
        .isInstanceOf(MalformedJsonException.class);
    assertThatThrownBy(
            () ->
                structs
                    .reader()
                    .read(
                        Slice.of(item("\"fine\":{\"S\":\"a\"}")),
                        Slice.of("{\"pk\":{\"N\":\"1E+30\"}}")))
        .isInstanceOf(MalformedJsonException.class);
    assertThat(registry.claims().schemas()).isEmpty();
    Struct struct = read(structs, "\"x\":{\"N\":\"5\"}");
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("x", "{\"N\":\"5\"}"));
    assertThat(names(struct.schema())).containsExactly("pk", "__other", "x");
  }

  @Test
  void aSchemaBeyondTheLimitsIsTakenOverInPart() throws InterruptedException {
    String inner =
        IntStream.range(0, 200)
            .mapToObj(i -> "\"k" + i + "\":{\"BOOL\":true}")
            .collect(Collectors.joining(",", "{\"M\":{", "}}"));
    StructLayout layout = StructLayout.EMPTY;
    TypeInference types = new TypeInference(NumberMode.DECIMAL);
    TableColumns none = TableColumns.none("orders.Value", new KeyNames("pk", null));
    for (String name : List.of("a", "b", "c")) {
      String dictionary =
          IntStream.range(0, name.equals("b") ? 30 : 10)
              .mapToObj(i -> "\"m" + i + "\":" + inner)
              .collect(Collectors.joining(",", "{\"M\":{", "}}"));
      ColumnType type =
          types.ofNext(new JsonCursor().reset(Slice.of(dictionary)), none.pathOf(name));
      List<Column> columns = new ArrayList<>(layout.columns());
      columns.add(new Column(name, type));
      layout = new StructLayout(columns, Set.of());
    }
    registry
        .values()
        .register(
            none.withKeys(ScalarType.of(AttributeType.N, NumberMode.DECIMAL), null)
                .with(layout)
                .item());
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(names(restarted.columns().item())).containsExactly("pk", "__other", "a", "c");
    assertThat(read(restarted, "\"b\":{\"S\":\"x\"}").getMap("__other"))
        .as("it had another type")
        .containsOnlyKeys("b");
  }

  @Test
  void columnsAreFoundInsideOfAnEnvelope() throws InterruptedException {
    ItemStructReader.Images images =
        alone(NumberMode.DECIMAL).reader().read(null, Slice.of(EVERYTHING));
    registry
        .values()
        .register(
            SchemaBuilder.struct()
                .name("orders.Envelope")
                .field("op", Schema.STRING_SCHEMA)
                .field(
                    "source",
                    SchemaBuilder.struct().name("Source").field("x", Schema.STRING_SCHEMA))
                .field("before", images.schema())
                .field("after", images.schema())
                .build());
    ColumnStructs restarted = structs(NumberMode.DECIMAL);
    restarted.seed();
    assertThat(restarted.columns().image()).isEqualTo(images.schema());
  }

  @Test
  void columnsWithoutParametersHaveTheTypesOfTheirSchemas() throws InterruptedException {
    Schema schema = alone(NumberMode.DECIMAL).reader().read(Slice.of(EVERYTHING)).schema();
    registry.values().register(ConnectAsAvro.withoutParameters(schema));
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
    read(second, "\"both\":{\"N\":\"1\"},\"m\":{\"M\":{\"y\":{\"N\":\"1\"}}}");
    Struct struct =
        read(
            first,
            "\"both\":{\"S\":\"x\"},\"m\":{\"M\":{\"x\":{\"S\":\"\"},\"y\":{\"N\":\"1.50\"}}},\"z\":{\"S\":\"x\"}");
    assertThat(names(struct.schema())).containsExactly("pk", "__other", "both", "m", "z");
    assertThat(struct.get("pk")).as("in the other's number mode").isEqualTo("1");
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("both", "{\"S\":\"x\"}"));
    assertThat(struct.getStruct("m").get("y")).isEqualTo("1.50");
    assertThat(names(struct.schema().field("m").schema())).containsExactly("y", "x");
  }

  @Test
  void anAttributeThatIsKnownElsewhereAddsNothing() throws InterruptedException {
    ColumnStructs first = structs(NumberMode.DECIMAL);
    ColumnStructs second = structs(NumberMode.DECIMAL);
    read(first, "\"a\":{\"S\":\"x\"},\"b\":{\"S\":\"x\"}");
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
    registry
        .values()
        .register(
            "{\"type\":\"record\",\"name\":\"Value\",\"namespace\":\"orders\",\"fields\":["
                + "{\"name\":\"pk\",\"type\":\"string\"},{\"name\":\"a\",\"type\":"
                + type
                + "},{\"name\":\"s\",\"type\":[\"null\",\"string\"],\"default\":7}]}");
    ColumnStructs structs =
        ColumnStructs.registered(
            "orders.Value", "pk", null, NumberMode.DECIMAL, registry, (item, image) -> item);
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
    registry.values().register("{\"type\":\"record\",\"name\":\"Other\",\"fields\":[]}");
    ColumnStructs structs = structs(NumberMode.DECIMAL);
    structs.seed();
    assertThat(names(read(structs, "\"a\":{\"S\":\"x\"}").schema()))
        .containsExactly("pk", "__other", "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "message Value {}", "{\"type\":\"object\"}", "[\"null\",", "7"})
  void aMalformedAvroSchemaFailsWithAReason(String text) {
    registry.values().register(text);
    ColumnStructs structs = structs(NumberMode.DECIMAL);
    assertThatThrownBy(structs::seed)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("orders-value")
        .hasMessageContaining("not an Avro schema");
  }
}
