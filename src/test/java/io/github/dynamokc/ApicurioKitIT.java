package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.registry.AvroRecord;
import io.github.dynamokc.testing.registry.AvroTopic;
import io.github.dynamokc.testing.registry.LoggedRegistryRequest;
import io.github.dynamokc.testing.registry.RegistryClient;
import io.github.dynamokc.testing.registry.RegistryFront;
import io.github.dynamokc.testing.registry.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The kit for typed values by itself, without our connector: the registry, the converter, the
 * transforms, and what reads their records back.
 */
@Tag("full")
class ApicurioKitIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOIST_FIELD = "org.apache.kafka.connect.transforms.HoistField$Value";
  private static final String SET_SCHEMA_NAME =
      "org.apache.kafka.connect.transforms.SetSchemaMetadata$Value";
  private static final String SCHEMA =
      """
      {"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}
      """;
  private static final String NEXT_SCHEMA =
      """
      {"type":"record","name":"Order","fields":[
        {"name":"id","type":"string"},
        {"name":"note","type":["null","string"],"default":null}]}
      """;

  @Test
  void aSchemaIsReadBackByItsIdAndGetsVersions() throws IOException {
    RegistryClient client = EndToEnd.registry().client();

    int first = client.register("kit-orders-value", SCHEMA);
    int second = client.register("kit-orders-value", NEXT_SCHEMA);

    assertThat(client.register("kit-orders-value", SCHEMA)).isEqualTo(first).isNotEqualTo(second);
    assertThat(client.subjects()).contains("kit-orders-value");
    assertThat(client.versions("kit-orders-value")).containsExactly(1, 2);
    assertThat(JSON.readTree(client.schema(first))).isEqualTo(JSON.readTree(SCHEMA));
    assertThat(JSON.readTree(client.latest("kit-orders-value")))
        .isEqualTo(JSON.readTree(NEXT_SCHEMA));
  }

  @Test
  void theWorkerHasConverterTransformsAndOurConnector() {
    List<String> classes = EndToEnd.registryWorker().rest().allPlugins().findValuesAsText("class");

    assertThat(classes)
        .contains(
            "io.apicurio.registry.utils.converter.AvroConverter",
            "io.debezium.transforms.ExtractNewRecordState",
            DynamoDbSourceConnector.class.getName());
  }

  @Test
  void nestedStructuresThatTheConverterWroteAreReadBack() throws IOException {
    Map<String, String> config = fileSource("kit-nested", "7.50\nthe last\n");
    config.put("transforms", "hoist,inner,again,outer");
    config.put("transforms.hoist.type", HOIST_FIELD);
    config.put("transforms.hoist.field", "line");
    config.put("transforms.inner.type", SET_SCHEMA_NAME);
    config.put("transforms.inner.schema.name", "kit.Inner");
    config.put("transforms.again.type", HOIST_FIELD);
    config.put("transforms.again.field", "inner");
    config.put("transforms.outer.type", SET_SCHEMA_NAME);
    config.put("transforms.outer.schema.name", "kit.Outer");
    List<AvroRecord> records = run("kit-nested", config, 2);

    assertThat(records)
        .extracting(record -> record.value().datum())
        .containsExactly(
            Map.of("inner", Map.of("line", "7.50")), Map.of("inner", Map.of("line", "the last")));
    JsonNode schema = JSON.readTree(records.get(0).value().schema());
    assertThat(schema.path("name").asText()).isEqualTo("Outer");
    assertThat(EndToEnd.registry().client().subjects())
        .contains("kit-nested-value")
        .as("the inner schema is part of the outer one")
        .noneMatch(subject -> subject.contains("Inner"));
  }

  @Test
  void debeziumTakesTheRowOutOfAnEnvelope() throws IOException {
    Map<String, String> config = fileSource("kit-envelope", "a row\n");
    config.put("transforms", "row,rowName,after,op,envelopeName,unwrap");
    config.put("transforms.row.type", HOIST_FIELD);
    config.put("transforms.row.field", "line");
    config.put("transforms.rowName.type", SET_SCHEMA_NAME);
    config.put("transforms.rowName.schema.name", "kit.Row");
    config.put("transforms.after.type", HOIST_FIELD);
    config.put("transforms.after.field", "after");
    config.put("transforms.op.type", "org.apache.kafka.connect.transforms.InsertField$Value");
    config.put("transforms.op.static.field", "op");
    config.put("transforms.op.static.value", "c");
    config.put("transforms.envelopeName.type", SET_SCHEMA_NAME);
    config.put("transforms.envelopeName.schema.name", "kit.Envelope");
    config.put("transforms.unwrap.type", "io.debezium.transforms.ExtractNewRecordState");

    assertThat(run("kit-envelope", config, 1))
        .extracting(record -> record.value().datum())
        .containsExactly(Map.of("line", "a row"));
  }

  @Test
  void theFrontAcceptsClientsThatTrustItAndKnowThePassword() throws Exception {
    TlsIdentity identity = TlsIdentity.create(WorkDirectory.fresh("kit-front"));
    try (RegistryFront front = RegistryFront.start(EndToEnd.registry(), identity, "me", "my:pw")) {
      HttpClient trusting = HttpClient.newBuilder().sslContext(trusting(identity)).build();

      assertThat(statuses(trusting, front, "me:my:pw", "me:other")).containsExactly(200, 401);
      front.failNext(1, 503);
      assertThat(statuses(trusting, front, "me:my:pw", "me:my:pw")).containsExactly(503, 200);
      front.failNext(5, 500);
      front.heal();
      assertThat(statuses(trusting, front, "me:my:pw")).containsExactly(200);
      assertThat(front.count("GET", path -> path.endsWith("/subjects"))).isEqualTo(5);
      assertThat(front.requests())
          .extracting(LoggedRegistryRequest::status)
          .containsExactly(200, 401, 503, 200, 200);
      assertThatThrownBy(() -> statuses(HttpClient.newHttpClient(), front, "me:my:pw"))
          .isInstanceOf(SSLHandshakeException.class);
    }
    try (RegistryFront plain = RegistryFront.start(EndToEnd.registry(), "me", "pw")) {
      assertThat(statuses(HttpClient.newHttpClient(), plain, "me:pw", "me:"))
          .containsExactly(200, 401);
    }
  }

  private static List<Integer> statuses(HttpClient http, RegistryFront front, String... logins)
      throws IOException, InterruptedException {
    List<Integer> statuses = new ArrayList<>();
    for (String login : logins) {
      String credentials =
          Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(front.confluentUri() + "/subjects"))
              .header("Authorization", "Basic " + credentials)
              .build();
      statuses.add(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    }
    return statuses;
  }

  private static SSLContext trusting(TlsIdentity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(identity.trustStore())) {
      store.load(in, identity.trustStorePassword().toCharArray());
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** Runs a connector until so many records have come. */
  private static List<AvroRecord> run(String topic, Map<String, String> config, int count) {
    EndToEnd.registryWorker().rest().put(topic, config);
    try (AvroTopic reader =
        AvroTopic.open(EndToEnd.kafka().bootstrapServers(), topic, EndToEnd.registry())) {
      return reader.await(records -> records.size() >= count, PATIENCE);
    } catch (IllegalStateException e) {
      throw new AssertionError(
          EndToEnd.registryWorker().rest().status(topic).describe()
              + EndToEnd.registryWorker().logTail(),
          e);
    } finally {
      EndToEnd.registryWorker().rest().delete(topic);
    }
  }

  private static Map<String, String> fileSource(String topic, String content) throws IOException {
    Path file = Files.writeString(WorkDirectory.fresh(topic).resolve("lines.txt"), content);
    Map<String, String> config = new TreeMap<>();
    config.put("connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector");
    config.put("tasks.max", "1");
    config.put("file", file.toString());
    config.put("topic", topic);
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "1");
    config.putAll(EndToEnd.registry().avroConverter("value.converter"));
    return config;
  }
}
