package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of records, and those that a converter cannot write. */
class RecordConfigTest {
  private static RecordConfig records(String... keysAndValues) {
    return ConnectorConfig.from(Props.with(keysAndValues)).table("orders").records();
  }

  private static List<String> problemsOf(String key, String... keysAndValues) {
    return ConnectorConfig.validate(Props.with(keysAndValues)).configValues().stream()
        .filter(value -> value.name().equals(key))
        .map(ConfigValue::errorMessages)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachFormCanBeChosen() {
    RecordConfig records =
        records(
            "key.format", "struct",
            "value.format", "Struct",
            "value.layout", "envelope",
            "struct.schema", "attributes",
            "struct.number.mode", "string",
            "delete.mode", "document_and_tombstone",
            "skipped.operations", " R , ttl,",
            "headers.prefix", " ddb. ",
            "key.converter", "io.confluent.connect.avro.AvroConverter",
            "value.converter", "org.apache.kafka.connect.json.JsonConverter");
    assertThat(records)
        .isEqualTo(
            new RecordConfig(
                new TopicFormat("${table}"),
                KeyFormat.STRUCT,
                ConverterKind.AVRO,
                ValueFormat.STRUCT,
                ValueLayout.ENVELOPE,
                ConverterKind.JSON,
                new StructConfig(StructSchema.ATTRIBUTES, NumberMode.STRING, null, false),
                DeleteMode.DOCUMENT_AND_TOMBSTONE,
                Set.of(SkippedOperation.R, SkippedOperation.TTL),
                "ddb.",
                new SizeLimit(1_048_576, false)));
  }

  @ParameterizedTest
  @CsvSource({
    "value.format, avro",
    "value.layout, flat",
    "key.format, dynamodb_json",
    "delete.mode, none",
    "struct.schema, map",
    "struct.number.mode, float",
    "skipped.operations, 'c,t'",
    "topic.format, ${tables}",
    "topic.format, a b",
  })
  void anInvalidValueIsRefusedOnItsKey(String key, String value) {
    assertThat(problemsOf(key, key, value)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "value.format, json, JsonConverter",
    "value.format, dynamodb_json, JsonConverter",
    "value.format, json, LongConverter",
    "value.format, struct, StringConverter",
    "value.format, struct, ByteArrayConverter",
    "value.format, struct, converters.DoubleConverter",
    "key.format, json, JsonConverter",
    "key.format, struct, StringConverter",
    "key.format, struct, ByteArrayConverter",
    "key.format, primary_key, IntegerConverter",
  })
  void anUnwritableFormatIsReportedOnTheFormat(String key, String format, String converter) {
    String converterKey = key.replace(".format", ".converter");
    for (String spelled :
        List.of(
            "org.apache.kafka." + converter, converter.replaceAll("(.*\\.)?(.*)Converter", "$2"))) {
      assertThat(problemsOf(key, key, format, converterKey, spelled))
          .singleElement()
          .asString()
          .startsWith(key + " must be ")
          .contains(", is " + format, converterKey, "Set ", "Converter");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "value.format, json, StringConverter",
    "value.format, json, ByteArrayConverter",
    "value.format, json, AvroConverter",
    "value.format, dynamodb_json, StringConverter",
    "value.format, struct, JsonConverter",
    "value.format, struct, AvroConverter",
    "value.format, struct, ProtobufConverter",
    "value.format, struct, JsonSchemaConverter",
    "value.format, json, com.example.OwnConverter",
    "value.format, struct, com.example.OwnConverter",
    "key.format, primary_key, JsonConverter",
    "key.format, primary_key, ByteArrayConverter",
    "key.format, struct, AvroConverter",
  })
  void aWritableFormatIsAccepted(String key, String format, String converter) {
    String converterKey = key.replace(".format", ".converter");
    assertThat(problemsOf(key, key, format, converterKey, converter)).isEmpty();
  }

  /** Their items would have the same keys. */
  @Test
  void eachTableNeedsATopicOfItsOwn() {
    assertThat(problemsOf("topic.format", "tables", "orders,users", "topic.format", "all"))
        .singleElement()
        .asString()
        .contains("orders and users", "same keys", "${table}");
    assertThat(
            problemsOf(
                "table.users.topic.format",
                "tables",
                "orders,users",
                "table.users.topic.format",
                "orders"))
        .hasSize(1);
    assertThat(problemsOf("topic.format", "tables", "orders,users", "topic.format", "all.${table}"))
        .isEmpty();
  }

  /** Both make one name in Kafka's metrics, and Kafka refuses the second topic. */
  @Test
  void topicsMustNotDifferInPointAndUnderlineOnly() {
    assertThat(problemsOf("topic.format", "tables", "my.table,my_table"))
        .singleElement()
        .asString()
        .contains("my.table and my_table");
    assertThat(problemsOf("status.topic", "tables", "my.table", "status.topic", "my_table"))
        .singleElement()
        .asString()
        .contains("my.table");
    assertThat(
            problemsOf(
                "topic.format",
                "tables",
                "my.table,my_table",
                "table.my_table.topic.format",
                "other"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "json, columns, AvroConverter, false",
    "struct, attributes, AvroConverter, false",
    "struct, columns, ProtobufConverter, false",
    "struct, columns, JsonConverter, false",
    "struct, columns, AvroConverter, true",
    "struct, columns, com.example.OwnConverter, true",
  })
  void aRegistryIsAcceptedWhereItsSchemasCanBeRead(
      String format, String schema, String converter, boolean taken) {
    assertThat(
            problemsOf(
                "struct.registry.url",
                "struct.registry.url",
                "http://localhost:8081",
                "value.format",
                format,
                "struct.schema",
                schema,
                "value.converter",
                converter))
        .hasSize(taken ? 0 : 1);
  }

  /** They would be Base64 of digits. */
  @ParameterizedTest
  @CsvSource({
    "value, struct.schema, columns, 1",
    "value, struct.schema, attributes, 0",
    "value, struct.number.mode, string, 0",
    "value, struct.number.mode, double, 0",
    "value, value.converter.decimal.format, numeric, 0",
    "value, value.converter.decimal.format, BASE64, 1",
    "value, value.converter.schemas.enable, true, 0",
    "value, value.converter, com.example.OwnConverter, 0",
    "key, struct.schema, columns, 1",
    "key, struct.schema, attributes, 1",
    "key, struct.number.mode, string, 0",
    "key, key.converter.decimal.format, NUMERIC, 0",
    "key, key.converter.schemas.enable, true, 0",
  })
  void numbersThatNobodyCanReadAreRefused(String side, String key, String value, int problems) {
    assertThat(
            problemsOf(
                side + ".format",
                side + ".format",
                "struct",
                side + ".converter",
                "org.apache.kafka.connect.json.JsonConverter",
                side + ".converter.schemas.enable",
                "false",
                key,
                value))
        .hasSize(problems)
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .contains(
                        "struct.number.mode=string", side + ".converter.decimal.format=NUMERIC"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"${region}.${account}.${table}", "${table}-${region}"})
  void aTopicCanNameRegionAndAccountOfTheTable(String format) {
    assertThat(problemsOf("topic.format", "topic.format", format)).isEmpty();
    assertThat(new TopicFormat(format).topic("orders", "eu-west-1", "000000000001"))
        .isEqualTo(
            format
                .replace("${table}", "orders")
                .replace("${region}", "eu-west-1")
                .replace("${account}", "000000000001"));
  }

  @Test
  void theStatusTopicCannotBeThatOfATableNamedByItsArn() {
    assertThat(
            problemsOf(
                "status.topic",
                "tables",
                "arn:aws:dynamodb:eu-west-1:111111111111:table/orders",
                "topic.format",
                "${account}.${region}.${table}",
                "status.topic",
                "111111111111.eu-west-1.orders"))
        .hasSize(1);
  }
}
