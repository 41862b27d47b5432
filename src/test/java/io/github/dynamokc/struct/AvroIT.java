package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.struct.TypedTable.Seen;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.registry.AvroRecord;
import io.github.dynamokc.testing.registry.AvroTopic;
import io.github.dynamokc.testing.registry.RegistryClient;
import io.github.dynamokc.testing.registry.RegistryFront;
import io.github.dynamokc.testing.registry.SchemaRegistry;
import io.github.dynamokc.testing.registry.TlsIdentity;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * Structs as Avro through a real registry: written by the worker's converter, read back with
 * Confluent's client, while the items change their shape.
 */
@Tag("full")
class AvroIT {
  private final ConnectWorker worker = EndToEnd.registryWorker();
  private final SchemaRegistry registry = EndToEnd.registry();
  private final RegistryClient client = registry.client();

  private Map<String, String> avro(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("value.format", "struct");
    config.putAll(registry.avroConverter("value.converter"));
    return config;
  }

  private Map<String, String> seeded(String table) {
    Map<String, String> config = avro(table);
    config.put("struct.registry.url", registry.confluentUri().toString());
    return config;
  }

  private static List<Seen> columns(List<AvroRecord> records) {
    return seen(records, TypedValues::ofColumns);
  }

  private static List<Seen> seen(
      List<AvroRecord> records, Function<Struct, Map<String, Object>> item) {
    List<Seen> seen = new ArrayList<>();
    for (AvroRecord record : records) {
      boolean deleted = "delete".equals(record.header("opensearch_action"));
      seen.add(
          new Seen(
              String.valueOf(record.header("primary_key")),
              deleted ? null : item.apply(struct(record))));
    }
    return seen;
  }

  private static Struct struct(AvroRecord record) {
    Struct struct = (Struct) AvroAsConnect.value(record.value().schema(), record.value().datum());
    assertThat(struct).isNotNull();
    return struct;
  }

  private AvroTopic topic(String name) {
    return AvroTopic.open(EndToEnd.kafka().bootstrapServers(), name, registry);
  }

  private Schema latest(String topic) {
    return new Schema.Parser().parse(client.latest(topic + "-value"));
  }

  @Test
  void itemsAreReadBackWithColumnsThatGrowAndStayCompatible() {
    ShapesTable table = ShapesTable.create("avro-columns");
    table.first();
    Map<String, String> config = RecordSample.config("columns-as-avro-apicurio", table.name());
    for (String side : List.of("key", "value")) {
      config.put(side + ".converter.apicurio.registry.url", registry.apicurioUri().toString());
    }
    TypedTable truth = new TypedTable(table.name(), worker);
    client.compatibility(table.name() + "-value", "FULL_TRANSITIVE");
    try (AvroTopic topic = topic(table.name());
        TestConnector connector = TestConnector.start(worker, "avro-columns", config)) {
      truth.awaitEqual(() -> columns(topic.toEnd()));
      connector.awaitStreaming(table.name());
      table.grown();
      truth.awaitEqual(() -> columns(topic.toEnd()));
      table.changed();
      truth.awaitEqual(() -> columns(topic.toEnd()));
    }
    List<AvroRecord> records =
        AvroTopic.readAll(EndToEnd.kafka().bootstrapServers(), table.name(), registry);
    assertThat(records)
        .allSatisfy(
            record ->
                assertThat(
                        ((Map<?, ?>) record.key().datum()).get("pk")
                            + "|"
                            + ((BigDecimal) ((Map<?, ?>) record.key().datum()).get("sk"))
                                .stripTrailingZeros()
                                .toPlainString())
                    .isEqualTo(record.header("primary_key")));
    assertThat(client.versions(table.name() + "-key")).hasSize(1);
    assertThatEachSchemaReadsTheOther(records);
    assertThat(latest(table.name()).getFields())
        .extracting(Schema.Field::name)
        .contains("pk", "sk", "__other", "a_x002E_b", "_x0031_st", "_x005F_x", "_x005F__other");
  }

  /** So that old consumers read new records, and new ones old records. */
  private static void assertThatEachSchemaReadsTheOther(List<AvroRecord> records) {
    List<Schema> schemas =
        records.stream()
            .map(record -> record.value().schema())
            .distinct()
            .map(text -> new Schema.Parser().parse(text))
            .toList();
    assertThat(schemas).hasSizeGreaterThan(5);
    for (Schema reader : schemas) {
      for (Schema writer : schemas) {
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType())
            .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
      }
    }
  }

  @Test
  void aRestartGoesOnWithTheSchemaThatIsRegistered() {
    ShapesTable table = ShapesTable.create("avro-restart");
    table.first();
    Map<String, String> config = seeded(table.name());
    TypedTable truth = new TypedTable(table.name(), worker);
    String subject = table.name() + "-value";
    try (AvroTopic topic = topic(table.name());
        TestConnector connector = TestConnector.start(worker, "avro-restart", config)) {
      truth.awaitEqual(() -> columns(topic.toEnd()));
      connector.awaitStreaming(table.name());
      List<Integer> versions = client.versions(subject);
      connector.stop();
      connector.resume();
      connector.awaitStreaming(table.name());
      table.put(0, "text", ShapesTable.s("after the restart"));
      List<AvroRecord> after = new ArrayList<>();
      truth.awaitEqual(
          () -> {
            List<AvroRecord> more = topic.toEnd();
            after.addAll(more);
            return columns(more);
          });
      assertThat(client.versions(subject)).isEqualTo(versions);
      assertThat(after)
          .extracting(record -> new Schema.Parser().parse(record.value().schema()))
          .containsOnly(latest(table.name()));
    }
  }

  @Test
  void tasksThatFindColumnsAtTheSameTimeComeToOneSchema() {
    ShapesTable table = ShapesTable.create("avro-tasks");
    List<List<String>> files = List.of(new ArrayList<>(), new ArrayList<>());
    List<String> columns = new ArrayList<>();
    // The stream shall not tell of the items: what it adds has to be added to what is registered.
    EndToEnd.aws().tables().disableStream(table.name());
    for (int n = 0; n < 30; n++) {
      String column = (n % 2 == 0 ? "left" : "right") + n;
      columns.add(column);
      table.put(n, column, ShapesTable.s("text"));
      files
          .get(n % 2)
          .add(
              "{\"Item\":{\"pk\":{\"S\":\"item %1$d\"},\"sk\":{\"N\":\"%1$d\"},\"%2$s\":{\"S\":\"text\"}}}"
                  .formatted(n, column));
    }
    EndToEnd.aws().tables().enableStream(table.name(), StreamViewType.NEW_AND_OLD_IMAGES);
    EndToEnd.aws()
        .front()
        .putSyntheticExport(
            EndToEnd.aws().tables().describe(table.name()).tableArn(), Instant.now(), files);
    Map<String, String> config = seeded(table.name());
    config.put("tasks.max", "2");
    client.compatibility(table.name() + "-value", "FULL_TRANSITIVE");
    TypedTable truth = new TypedTable(table.name(), worker);
    try (AvroTopic topic = topic(table.name());
        TestConnector connector = TestConnector.start(worker, "avro-tasks", config)) {
      truth.awaitEqual(() -> columns(topic.toEnd()));
      connector.awaitStreaming(table.name());
      table.put(99, "last", ShapesTable.s("column"));
      truth.awaitEqual(() -> columns(topic.toEnd()));
    }
    columns.add("last");
    assertThat(latest(table.name()).getFields())
        .extracting(Schema.Field::name)
        .containsAll(columns);
    assertThat(client.versions(table.name() + "-value"))
        .as("each task adds its columns, and takes over those of the other")
        .hasSizeLessThan(2 * columns.size());
  }

  @Test
  void oneSchemaIsEnoughForItemsOfAnyShapeAsAttributes() {
    ShapesTable table = ShapesTable.create("avro-attributes");
    table.first();
    Map<String, String> config = avro(table.name());
    config.put("struct.schema", "attributes");
    TypedTable truth = new TypedTable(table.name(), worker);
    try (AvroTopic topic = topic(table.name());
        TestConnector connector = TestConnector.start(worker, "avro-attributes", config)) {
      truth.awaitEqual(() -> seen(topic.toEnd(), TypedValues::ofAttributes));
      connector.awaitStreaming(table.name());
      table.grown();
      table.changed();
      truth.awaitEqual(() -> seen(topic.toEnd(), TypedValues::ofAttributes));
    }
    assertThat(client.versions(table.name() + "-value")).hasSize(1);
  }

  @Test
  void anEnvelopeIsSeededToo() {
    ShapesTable table = ShapesTable.create("avro-envelope");
    table.first();
    Map<String, String> config = seeded(table.name());
    config.put("value.layout", "envelope");
    config.put("delete.mode", "document_and_tombstone");
    TypedTable truth = new TypedTable(table.name(), worker);
    try (AvroTopic topic = topic(table.name());
        TestConnector connector = TestConnector.start(worker, "avro-envelope", config)) {
      truth.awaitEqual(() -> unwrapped(topic.toEnd()));
      connector.awaitStreaming(table.name());
      table.grown();
      truth.awaitEqual(() -> unwrapped(topic.toEnd()));
      List<Integer> versions = client.versions(table.name() + "-value");
      connector.stop();
      connector.resume();
      connector.awaitStreaming(table.name());
      table.put(2, "since", ShapesTable.n("5"));
      table.delete(3);
      truth.awaitEqual(() -> unwrapped(topic.toEnd()));
      assertThat(client.versions(table.name() + "-value")).isEqualTo(versions);
    }
  }

  /** Envelopes applied by what they say, not by their headers. */
  private static List<Seen> unwrapped(List<AvroRecord> records) {
    List<Seen> seen = new ArrayList<>();
    for (AvroRecord record : records) {
      String key = String.valueOf(record.header("primary_key"));
      if (record.value() == null) {
        seen.add(new Seen(key, null));
        continue;
      }
      Struct envelope = struct(record);
      Struct after = envelope.getStruct("after");
      assertThat(after == null).isEqualTo(envelope.getString("op").equals("d"));
      seen.add(new Seen(key, after == null ? null : TypedValues.ofColumns(after)));
    }
    return seen;
  }

  @Test
  void theRegistryIsReachedOverTlsWithAPassword() throws Exception {
    ShapesTable table = ShapesTable.create("avro-tls");
    table.first();
    TlsIdentity identity = TlsIdentity.create(WorkDirectory.fresh("avro-tls"));
    try (RegistryFront front = RegistryFront.start(registry, identity, "me", "my:password")) {
      Map<String, String> config = avro(table.name());
      config.put("struct.registry.url", front.confluentUri().toString());
      config.put("struct.registry.basic.auth.user.info", "me:my:password");
      config.put("struct.registry.ssl.truststore.location", identity.trustStore().toString());
      config.put("struct.registry.ssl.truststore.password", identity.trustStorePassword());
      front.failNext(2, 503);
      TypedTable truth = new TypedTable(table.name(), worker);
      try (AvroTopic topic = topic(table.name());
          TestConnector ignored = TestConnector.start(worker, "avro-tls", config)) {
        truth.awaitEqual(() -> columns(topic.toEnd()));
      }
      assertThat(front.count("GET", path -> path.endsWith("-columns/versions")))
          .as("at the start, and before each time that columns were added")
          .isGreaterThan(4);
    }
  }
}
