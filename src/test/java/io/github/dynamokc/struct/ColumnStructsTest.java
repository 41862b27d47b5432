package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in which column, and what stands beside them. */
class ColumnStructsTest {
  private final FakeRegistry registry = new FakeRegistry();
  private final ColumnStructs structs = structs(NumberMode.DECIMAL);
  private final ItemStructReader reader = structs.reader();

  private ColumnStructs structs(NumberMode mode) {
    return ColumnStructs.registered(
        "orders.Value", "pk", "sk", mode, registry, (item, image) -> item);
  }

  private static ColumnStructs alone(NumberMode mode) {
    return ColumnStructs.unregistered("orders.Value", "pk", "sk", mode);
  }

  /** The struct of an item with these attributes besides its key. */
  private Struct read(String attributes) throws InterruptedException {
    return reader.read(item(attributes));
  }

  private static Slice item(String attributes) {
    String key = "{\"sk\":{\"N\":\"1.0\"},\"pk\":{\"S\":\"a\"}";
    return Slice.of(attributes.isEmpty() ? key + "}" : key + "," + attributes + "}");
  }

  private Struct readValue(String typed) throws InterruptedException {
    return read("\"a\":" + typed);
  }

  private static List<String> names(Schema schema) {
    return schema.fields().stream().map(Field::name).toList();
  }

  @Test
  void keysComeFirstThenTheRestThenAttributesAsFound() throws InterruptedException {
    Struct struct = read("\"z\":{\"S\":\"1\"},\"b\":{\"BOOL\":true}");
    assertThat(names(struct.schema())).containsExactly("pk", "sk", "__other", "z", "b");
    assertThat(struct.schema().name()).isEqualTo("orders.Value");
    assertThat(struct.schema().isOptional()).isFalse();
    assertThat(struct.get("pk")).isEqualTo("a");
    assertThat(struct.get("sk")).isEqualTo(new BigDecimal("1.000000000000000000"));
    assertThat(struct.schema().field("pk").schema().isOptional()).isFalse();
    assertThat(struct.schema().field("z").schema().isOptional()).isTrue();
    assertThat(struct.get("__other")).isNull();
    assertThat(names(read("\"c\":{\"S\":\"\"},\"b\":{\"BOOL\":false}").schema()))
        .containsExactly("pk", "sk", "__other", "z", "b", "c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"S\":\"text\"}; S; text",
        "{\"S\":\"\"}; S; ``",
        "{\"S\":\"\\\"'`\\\\\\n\\t\\u0000\\u001f\\u2028😀\"}; S;",
        "{\"N\":\"-0\"}; N; 0E-18",
        "{\"N\":\"1E+2\"}; N; 100.000000000000000000",
        "{\"N\":\"0.000000000000000001\"}; N; 1E-18",
        "{\"N\":\"99999999999999999999.999999999999999999\"}; N; 99999999999999999999.999999999999999999",
        "{\"N\":\"-1.50000000000000000000000\"}; N; -1.500000000000000000",
        "{\"BOOL\":true}; BOOL; true",
        "{\"SS\":[\"b\",\"a\"]}; SS; [b, a]",
        "{\"NS\":[\"2\",\"1\"]}; NS; [2.000000000000000000, 1.000000000000000000]",
        "{\"L\":[{\"S\":\"a\"},{\"NULL\":true}]}; L; [a, null]",
        "{\"L\":[{\"S\":\"a\"},{\"BOOL\":true}]}; JSON; {\"L\":[{\"S\":\"a\"},{\"BOOL\":true}]}",
        "{\"L\":[{\"M\":{\"x\":{\"S\":\"1\"}}},{\"M\":{\"x\":{\"N\":\"1\"}}}]}; JSON;",
        "{\"M\":{\"x\":{\"S\":\"1\"},\"y\":{\"NULL\":true}}}; M; Struct{x=1}",
        "{\"L\":[{\"M\":{\"x\":{\"S\":\"1\"}}},{\"M\":{\"y\":{\"N\":\"1\"}}}]}; L;",
        "{\"L\":[{\"L\":[]},{\"L\":[{\"S\":\"x\"}]}]}; L; [[], [x]]",
      })
  void aValueMakesAColumnOfItsTypeAndStandsInIt(String typed, String type, String shown)
      throws InterruptedException {
    Struct struct = readValue(typed);
    Schema schema = struct.schema().field("a").schema();
    assertThat(schema.parameters()).containsEntry("dynamodb.type", type);
    assertThat(struct.get("__other")).isNull();
    if (shown != null) {
      assertThat(struct.get("a").toString()).isEqualTo(shown);
    }
    assertThat(TypedValues.ofColumns(struct))
        .containsEntry("a", TypedValues.ofItem("{\"a\":" + typed + "}").get("a"));
  }

  @Test
  void binaryAttributesAreBytes() throws InterruptedException {
    Struct struct =
        read("\"b\":{\"B\":\"MDAwMA==\"},\"e\":{\"B\":\"\"},\"bs\":{\"BS\":[\"\\/\\/79\"]}");
    assertThat(struct.getBytes("b")).isEqualTo(new byte[] {'0', '0', '0', '0'});
    assertThat(struct.getBytes("e")).isEmpty();
    assertThat(struct.<byte[]>getArray("bs")).containsExactly(new byte[] {-1, -2, -3});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"N\":\"100000000000000000000\"}",
        "{\"N\":\"1E-19\"}",
        "{\"N\":\"1E+125\"}",
        "{\"N\":\"99999999999999999999999999999999999999\"}",
        "{\"S\":\"one\"}",
        "{\"NS\":[\"1\"]}",
        "{\"M\":{}}",
        "{\"L\":[]}"
      })
  void numbersThatFitNoColumnStandBesideTheColumns(String typed) throws InterruptedException {
    readValue("{\"N\":\"1\"}");
    Struct struct = readValue(typed);
    assertThat(struct.get("a")).isNull();
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("a", typed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"NS\":[\"1\"]}; {\"NS\":[\"1\",\"1E-19\"]}",
        "{\"L\":[{\"N\":\"1\"}]}; {\"L\":[{\"N\":\"1\"},{\"N\":\"1E+20\"}]}",
        "{\"L\":[{\"N\":\"1\"}]}; {\"L\":[{\"S\":\"1\"}]}",
        "{\"M\":{\"x\":{\"S\":\"1\"},\"y\":{\"S\":\"1\"}}}; {\"M\":{\"x\":{\"S\":\"1\"},\"y\":{\"N\":\"1\"}}}",
        "{\"M\":{\"x\":{\"S\":\"1\"}}}; {\"M\":{\"x\":{\"N\":\"1\"},\"new\":{\"S\":\"1\"}}}",
        "{\"BOOL\":true}; {\"B\":\"MDAwMA==\"}",
      })
  void aValueThatDoesNotFitStandsBesideAndAddsNoField(String first, String second)
      throws InterruptedException {
    Schema schema = readValue(first).schema();
    Struct struct = readValue(second);
    assertThat(struct.schema()).isSameAs(schema);
    assertThat(struct.get("a")).isNull();
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("a", second));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"L\":[]}",
        "{\"M\":{}}",
        "{\"L\":[{\"NULL\":true}]}",
        "{\"M\":{\"x\":{\"NULL\":true}}}",
        "{\"L\":[{\"L\":[]},{\"M\":{}}]}"
      })
  void aValueWithoutATypeMakesNoColumn(String typed) throws InterruptedException {
    Struct struct = readValue(typed);
    assertThat(names(struct.schema())).containsExactly("pk", "sk", "__other");
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("a", typed));
  }

  @Test
  void nullIsNullAndMakesNoColumn() throws InterruptedException {
    Struct struct = readValue("{\"NULL\":true}");
    assertThat(names(struct.schema())).containsExactly("pk", "sk", "__other");
    assertThat(struct.get("__other")).isNull();
    readValue("{\"S\":\"x\"}");
    assertThat(readValue("{\"NULL\":true}").get("a")).isNull();
  }

  @Test
  void anEmptyValueIsNotNullOnceItsTypeIsKnown() throws InterruptedException {
    read("\"l\":{\"L\":[{\"S\":\"x\"}]},\"m\":{\"M\":{\"x\":{\"S\":\"y\"}}}");
    Struct struct = read("\"l\":{\"L\":[]},\"m\":{\"M\":{}}");
    assertThat(struct.getArray("l")).isEmpty();
    assertThat(struct.getStruct("m").get("x")).isNull();
    assertThat(struct.get("__other")).isNull();
    assertThat(read("\"m\":{\"M\":{\"x\":{\"NULL\":true}}}").getStruct("m")).isNotNull();
    assertThat(read("\"m\":{\"NULL\":true}").getStruct("m")).isNull();
  }

  @Test
  void anInnerValueWithoutATypeLeavesAGapWithTheWholeBeside() throws InterruptedException {
    String profile = "{\"M\":{\"name\":{\"S\":\"n\"},\"tags\":{\"L\":[]}}}";
    Struct struct = readValue(profile);
    assertThat(names(struct.schema().field("a").schema())).containsExactly("name");
    assertThat(struct.getStruct("a").get("name")).isEqualTo("n");
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("a", profile));
    readValue("{\"M\":{\"tags\":{\"L\":[{\"S\":\"t\"}]}}}");
    Struct later = readValue(profile);
    assertThat(later.getStruct("a").getArray("tags")).isEmpty();
    assertThat(later.get("__other")).isNull();
  }

  @Test
  void nestedStructsGrowAndAreNamedByTheirPath() throws InterruptedException {
    readValue("{\"M\":{\"b c\":{\"M\":{\"x\":{\"S\":\"1\"}}}}}");
    Struct struct =
        readValue(
            "{\"M\":{\"b c\":{\"M\":{\"y\":{\"S\":\"2\"}}},\"l\":{\"L\":[{\"M\":{\"z\":{\"S\":\"3\"}}}]}}}");
    Schema a = struct.schema().field("a").schema();
    assertThat(a.name()).isEqualTo("orders.Value_xxa");
    assertThat(names(a)).containsExactly("b_x0020_c", "l");
    Schema b = a.field("b_x0020_c").schema();
    assertThat(b.name()).isEqualTo("orders.Value_xxa_xxb_x0020_c");
    assertThat(b.parameters()).isEqualTo(Map.of("dynamodb.type", "M", "dynamodb.name", "b c"));
    assertThat(names(b)).containsExactly("x", "y");
    assertThat(a.field("l").schema().valueSchema().name()).isEqualTo("orders.Value_xxa_xxl");
  }

  @Test
  void valuesNestedDeeperThanFiveLevelsAreText() throws InterruptedException {
    Struct five = read("\"five\":" + nested(5, "{\"S\":\"x\"}"));
    for (int level = 1; level < 5; level++) {
      five = five.getStruct(level == 1 ? "five" : "m");
    }
    assertThat(five.getStruct("m").get("m")).isEqualTo("x");
    Struct deep = read("\"deep\":" + nested(32, "{\"NULL\":true}"));
    for (int level = 1; level <= 5; level++) {
      deep = deep.getStruct(level == 1 ? "deep" : "m");
    }
    assertThat(deep.get("m")).isEqualTo(nested(27, "{\"NULL\":true}"));
    assertThat(deep.schema().field("m").schema().parameters())
        .containsEntry("dynamodb.type", "JSON");
  }

  private static String nested(int levels, String inside) {
    return levels == 0 ? inside : "{\"M\":{\"m\":" + nested(levels - 1, inside) + "}}";
  }

  @Test
  void aColumnOfTextTakesAnyType() throws InterruptedException {
    readValue("{\"L\":[{\"S\":\"a\"},{\"BOOL\":true}]}");
    assertThat(readValue("{ \"S\" : \"x\" }").get("a")).isEqualTo("{\"S\":\"x\"}");
    assertThat(readValue("{\"M\":{}}").get("a")).isEqualTo("{\"M\":{}}");
    assertThat(readValue("{\"NULL\":true}").get("a")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; _x_",
        "a.b; a_x002E_b",
        "\\\"; _x0022_",
        "$a; _x0024_a",
        "é; _x00E9_",
        "_a; _a",
        "__other; _x005F__other",
        "1; _x0031_",
        "_x0031_; _x005F_x0031_"
      })
  void aFieldWithAnotherNameRecordsThatOfTheAttribute(String json, String field)
      throws InterruptedException {
    Struct struct = read("\"" + json + "\":{\"S\":\"v\"}");
    assertThat(struct.get(field)).isEqualTo("v");
    String told = struct.schema().field(field).schema().parameters().get("dynamodb.name");
    assertThat(told).isEqualTo(json.equals("_a") ? null : json.replace("\\", ""));
    read("\"" + json + "\":{\"S\":\"v\"}");
    assertThat(read("\"" + json + "\":{\"N\":\"1\"}").getMap("__other"))
        .isEqualTo(Map.of(json.replace("\\", ""), "{\"N\":\"1\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"new\":{\"S\":\"x\"},\"a\":{\"S\":\"1\"},\"a\":{\"S\":\"1\"}",
        "\"new\":{\"M\":{\"x\":{\"S\":\"1\"},\"\\u0078\":{\"S\":\"1\"}}}",
        "\"new\":{\"B\":\"!!\"}",
        "\"new\":{\"BS\":[\"TR==\"]}",
        "\"new\":{\"NS\":[\"one\"]}"
      })
  void noColumnIsAddedForWhatIsRefused(String attributes) throws InterruptedException {
    Schema before = read("\"a\":{\"S\":\"x\"}").schema();
    assertThatThrownBy(() -> read(attributes)).isInstanceOf(MalformedJsonException.class);
    assertThat(read("\"a\":{\"S\":\"x\"}").schema()).isSameAs(before);
  }

  @Test
  void numbersHaveTheConfiguredForm() throws InterruptedException {
    String attributes = "\"n\":{\"N\":\"1.50\"},\"e\":{\"N\":\"1E-130\"},\"l\":{\"NS\":[\"1E+2\"]}";
    Struct strings = alone(NumberMode.STRING).reader().read(item(attributes));
    assertThat(strings.get("sk")).isEqualTo("1");
    assertThat(strings.get("n")).isEqualTo("1.50");
    assertThat(strings.get("e")).isEqualTo("0." + "0".repeat(129) + "1");
    assertThat(strings.getArray("l")).isEqualTo(List.of("100"));
    Struct doubles = alone(NumberMode.DOUBLE).reader().read(item(attributes));
    assertThat(doubles.get("sk")).isEqualTo(1.0);
    assertThat(doubles.get("n")).isEqualTo(1.5);
    assertThat(doubles.get("e")).isEqualTo(1e-130);
  }

  @Test
  void bothImagesOfAChangeHaveOneSchemaThatIsOptional() throws InterruptedException {
    ItemStructReader.Images images =
        reader.read(item("\"a\":{\"S\":\"old\"}"), item("\"b\":{\"S\":\"new\"}"));
    assertThat(names(images.schema())).containsExactly("pk", "sk", "__other", "a", "b");
    assertThat(images.schema().isOptional()).isTrue();
    assertThat(images.before().schema()).isSameAs(images.schema());
    assertThat(images.after().schema()).isSameAs(images.schema());
    assertThat(images.before().get("a")).isEqualTo("old");
    assertThat(images.after().get("b")).isEqualTo("new");
    ItemStructReader.Images one = reader.read(null, item("\"a\":{\"S\":\"x\"}"));
    assertThat(one.before()).isNull();
    assertThat(one.schema()).isSameAs(images.schema());
    assertThatThrownBy(() -> reader.read(null, null)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anItemOfKnownColumnsTakesNoLockAndMakesNoRequest() throws InterruptedException {
    String attributes =
        "\"s\":{\"S\":\"x\"},\"m\":{\"M\":{\"x\":{\"S\":\"y\"},\"e\":{\"L\":[]}}},\"u\":{\"L\":[]}";
    Schema schema = read(attributes).schema();
    int asked = registry.asked();
    for (int i = 0; i < 100; i++) {
      assertThat(structs.reader().read(item(attributes)).schema()).isSameAs(schema);
      assertThat(read("\"s\":{\"N\":\"1\"},\"m\":{\"S\":\"z\"}").schema()).isSameAs(schema);
    }
    assertThat(registry.asked()).isEqualTo(asked).isEqualTo(3);
  }

  @Test
  void aMapWithDataForNamesStopsGrowingAndMakesNoRequest() throws InterruptedException {
    for (int i = 0; i <= 20; i++) {
      readValue(dictionary(i * 10, 10));
    }
    int asked = registry.asked();
    Struct struct = readValue(dictionary(1000, 10));
    assertThat(struct.schema().field("a").schema().fields()).hasSize(200);
    assertThat(struct.get("a")).isNull();
    assertThat(struct.getMap("__other")).isEqualTo(Map.of("a", dictionary(1000, 10)));
    assertThat(readValue(dictionary(195, 5)).getStruct("a").get("k199")).isEqualTo("v");
    assertThat(registry.asked()).isEqualTo(asked);
  }

  @Test
  void aMapThatIsTooWideFromTheStartIsText() throws InterruptedException {
    assertThat(readValue(dictionary(0, 200)).getStruct("a").schema().fields()).hasSize(200);
    Struct struct = read("\"b\":" + dictionary(0, 201));
    assertThat(struct.get("b")).isEqualTo(dictionary(0, 201));
  }

  private static String dictionary(int from, int size) {
    return IntStream.range(from, from + size)
        .mapToObj(i -> "\"k" + i + "\":{\"S\":\"v\"}")
        .collect(Collectors.joining(",", "{\"M\":{", "}}"));
  }

  @Test
  void attributesBeyondAThousandColumnsStandBeside() throws InterruptedException {
    String wide =
        IntStream.range(0, 1005)
            .mapToObj(i -> "\"c" + i + "\":{\"S\":\"v\"}")
            .collect(Collectors.joining(","));
    Struct struct = read(wide);
    assertThat(struct.schema().fields()).hasSize(1003);
    assertThat(struct.get("c999")).isEqualTo("v");
    assertThat(struct.getMap("__other")).hasSize(5).containsEntry("c1000", "{\"S\":\"v\"}");
    int asked = registry.asked();
    assertThat(read("\"new\":{\"S\":\"v\"}").getMap("__other")).containsKey("new");
    assertThat(registry.asked()).isEqualTo(asked);
  }

  @Test
  void noSchemaGrowsBeyondFiveThousandFieldsInAll() throws InterruptedException {
    for (int i = 0; i < 24; i++) {
      read("\"m" + i + "\":" + dictionary(0, 200));
    }
    assertThat(read("\"m24\":" + dictionary(0, 200)).getMap("__other")).containsOnlyKeys("m24");
    assertThat(read("\"m25\":" + dictionary(0, 175)).get("m25")).isNotNull();
    Struct struct = read("\"new\":{\"S\":\"v\"},\"m0\":" + dictionary(0, 1));
    assertThat(struct.getMap("__other")).containsOnlyKeys("new");
    assertThat(struct.getStruct("m0").get("k0")).isEqualTo("v");
  }

  /** A small item can have a schema of megabytes. */
  @Test
  void aMapOfMapsThatExceedsTheLimitsByItselfStandsBeside() throws InterruptedException {
    String maps =
        IntStream.range(0, 200)
            .mapToObj(i -> "\"m" + i + "\":" + dictionary(0, 200))
            .collect(Collectors.joining(",", "{\"M\":{", "}}"));
    Struct struct = read("\"a\":" + maps + ",\"b\":{\"S\":\"x\"}");
    assertThat(struct.getMap("__other")).containsOnlyKeys("a");
    assertThat(struct.get("b")).isEqualTo("x");
  }

  @Test
  void noSchemaGrowsBeyondABoundOfBytes() throws InterruptedException {
    for (int i = 0; i < 30; i++) {
      read("\"" + (char) ('a' + i % 26) + i + "x".repeat(50_000) + "\":{\"S\":\"v\"}");
    }
    Struct struct = read("");
    assertThat(struct.schema().fields()).hasSizeBetween(10, 20);
    assertThat((long) AvroSchemas.of(struct.schema()).toString().length())
        .isLessThanOrEqualTo(TableColumns.MAX_SCHEMA_BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"sk\":{\"N\":\"1\"}}",
        "{\"pk\":{\"S\":\"a\"}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"BOOL\":true}}",
        "{\"pk\":{\"NULL\":true},\"sk\":{\"N\":\"1\"}}",
        "{\"pk\":{\"S\":\"\\ud800\"},\"sk\":{\"N\":\"1\"}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}x",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"a\":{\"N\":\"secret\"}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"a\":{\"BOOL\":\"secret\"}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"a\":{\"NULL\":false}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"a\":{\"X\":\"secret\"}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"a\":{\"L\":[1]}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"new\":{\"SS\":[{}]}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"n\":{\"M\":{\"x\":{\"S\":\"secret\"},\"y\":3}}}",
        "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"\\udc00\":{\"S\":\"secret\"}}",
      })
  void aMalformedItemIsRefusedWithoutItsData(String item) throws InterruptedException {
    assertThatThrownBy(() -> structs(NumberMode.DECIMAL).reader().read(Slice.of(item)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageNotContaining("secret");
    read("\"a\":{\"S\":\"x\"},\"n\":{\"M\":{\"x\":{\"S\":\"x\"}}}");
    assertThatThrownBy(() -> reader.read(Slice.of(item)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void aKeyOfAnotherTypeThanItsColumnIsRefused() throws InterruptedException {
    read("");
    assertThatThrownBy(() -> reader.read(Slice.of("{\"pk\":{\"N\":\"77\"},\"sk\":{\"N\":\"1\"}}")))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("a key attribute is of type N")
        .hasMessageNotContaining("77");
  }

  @Test
  void bytesThatAreNotBase64AreRefused() throws InterruptedException {
    readValue("{\"B\":\"\"}");
    assertThatThrownBy(() -> readValue("{\"B\":\"?secret\"}"))
        .isInstanceOf(MalformedJsonException.class)
        .hasStackTraceContaining("not the Base64 that DynamoDB writes")
        .satisfies(e -> assertThat(e).hasNoCause().hasMessageNotContaining("secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "DECIMAL, 1E-19",
    "DECIMAL, 1E+20",
    "DOUBLE, 12345678901234567890",
    "DOUBLE, 0.1234567890123456789"
  })
  void aKeysNumberThatCannotBeHeldIsRefused(NumberMode mode, String number) {
    Slice item = Slice.of("{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"" + number + "\"}}");
    assertThatThrownBy(() -> structs(mode).reader().read(item))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining(mode.setting())
        .hasMessageContaining("struct.number.mode=string")
        .hasMessageNotContaining(number);
  }

  @Test
  void threadsThatMeetColumnsAtTheSameTimeAgree() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> threads =
          IntStream.rangeClosed(1, 4)
              .<Callable<Void>>mapToObj(step -> () -> readMany(step))
              .toList();
      for (Future<Void> done : pool.invokeAll(threads)) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
    List<String> names = names(read("").schema());
    assertThat(names).doesNotHaveDuplicates().hasSize(56);
    assertThat(registry.asked()).isLessThanOrEqualTo(3 * names.size());
  }

  private Void readMany(int step) throws InterruptedException {
    ItemStructReader own = structs.reader();
    for (int i = 0; i < 53; i++) {
      Struct struct = own.read(item("\"c" + (i * step) % 53 + "\":{\"S\":\"v\"}"));
      assertThat(struct.get("c" + (i * step) % 53)).isEqualTo("v");
      assertThat(struct.get("__other")).isNull();
    }
    return null;
  }

  @Test
  void nestingEndsAtOneDepthWhereverTheColumnIs() throws InterruptedException {
    reader.read(item("\"a\":{\"M\":{\"j\":{\"L\":[{\"S\":\"x\"},{\"N\":\"1\"}]}}}"));
    String deepest = "{\"L\":[".repeat(98) + "{\"S\":\"x\"}" + "]}".repeat(98);
    Struct struct = reader.read(item("\"a\":{\"M\":{\"j\":" + deepest + "}}"));
    assertThat(struct.getStruct("a").get("j")).isEqualTo(deepest);
    assertThatThrownBy(() -> reader.read(item("\"a\":{\"M\":{\"j\":{\"L\":[" + deepest + "]}}}")))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageStartingWith("nested deeper than 99");
  }
}
