package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.JvmProcess;
import io.github.dynamokc.testing.Secrets;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.AwsRequest;
import io.github.dynamokc.testing.aws.AwsResponse;
import io.github.dynamokc.testing.http.LoopbackHttp;
import io.github.dynamokc.testing.kafka.ConnectRest;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.RestException;
import io.github.dynamokc.testing.kafka.WorkerMetrics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * No secret of a connector gets out, however it fails: not into the worker's log, though it tells
 * all that the connector has to tell, nor into an answer of the REST API, a status record or a name
 * in JMX.
 *
 * <p>Connect itself answers with the config as the user posted it, secrets included, and with the
 * tasks' configs, which hold it as well ({@code GET /connectors/<name>}, {@code .../config} and
 * {@code .../tasks}): that is for a config provider to prevent, and left out here but for our own
 * text among them, the assignment.
 */
class SecretsIT {
  private static final String CONNECTOR_CLASS = "io.github.dynamokc.DynamoDbSourceConnector";
  private static final String PROXY_USER = "proxy-user";
  private static ConnectWorker worker;

  private final Secrets secrets = new Secrets();
  private final String key = secrets.make("secret access key");
  private final String token = secrets.make("session token");
  private final String proxyPassword = secrets.make("proxy password");
  private final String header = secrets.make("value of a header override");
  private final String registryPassword = secrets.make("registry password");
  private final String storePassword = secrets.make("store password");

  @BeforeAll
  static void tellAll() {
    worker = EndToEnd.worker("secrets").start();
    worker.rest().logLevel("io.github.dynamokc", "DEBUG");
  }

  @AfterAll
  static void end() {
    worker.close();
  }

  @BeforeEach
  void watchWhatIsEncoded() {
    secrets.alsoWatchBasic("proxy password", PROXY_USER, proxyPassword);
    secrets.alsoWatchBasic("proxy password", PROXY_USER, proxyPassword + "@");
  }

  @AfterEach
  void noMoreHooks() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void eachSecretKeyIsCovered() {
    Set<String> covered = new HashSet<>(secretKeys(URI.create("http://127.0.0.1:1")).keySet());
    covered.addAll(registrySecretKeys().keySet());
    assertThat(
            ConnectorConfig.definition().configKeys().values().stream()
                .filter(definition -> definition.type() == ConfigDef.Type.PASSWORD)
                .map(definition -> definition.name)
                .collect(toSet()))
        .as("a new one belongs into the configs below")
        .isEqualTo(covered);
  }

  @Test
  void aRefusedConfigShowsNoSecret() {
    Map<String, String> config = config("secrets-refused", anyAddress());
    config.put("snapshot.mode", "sometimes");
    config.put("aws.region", "nowhere else");
    config.put("table.secrets-refused.aws.secret.access.key", key);
    assertRefused("secrets-refused", config);

    config = config("secrets-refused", anyAddress());
    config.remove("aws.access.key.id");
    config.put("aws.http.proxy.url", PROXY_USER + ":" + proxyPassword + "@no url");
    config.put("aws.sts.header.overrides", "x-one " + header);
    assertRefused("secrets-refused", config);
    assertNoneIn("the worker's log", log());
  }

  private void assertRefused(String name, Map<String, String> config) {
    ObjectNode body = new JsonMapper().createObjectNode().put("name", name);
    body.set("config", new JsonMapper().valueToTree(config));
    assertThatExceptionOfType(RestException.class)
        .isThrownBy(() -> worker.rest().post(body))
        .satisfies(refusal -> assertNoneIn("the refusal", refusal.getMessage()));
    // Connect repeats a value here unless its key is a password's, as the overrides' is not.
    config.remove("aws.sts.header.overrides");
    assertNoneIn(
        "the answer of validate", worker.rest().validate(CONNECTOR_CLASS, config).toString());
  }

  @Test
  void anUnreachableProxyOrRoleShowsNoSecret() {
    EndToEnd.aws().tables().create("secrets-unreachable", string("pk"));
    assertFailsSilently("secrets-unreachable", config("secrets-unreachable", anyAddress()));

    Map<String, String> config = config("secrets-unreachable", EndToEnd.aws().dynamoDbEndpoint());
    config.put("aws.sts.role.arn", "arn:aws:iam::123456789012:role/reader");
    config.put("aws.sts.endpoint", anyAddress().toString());
    config.put("aws.sts.header.overrides", "x-amz-source-account:" + header);
    assertFailsSilently("secrets-role", config);
  }

  @Test
  void aConnectorThatIsRefusedWhileRunningShowsNoSecret() {
    String table = "secrets-denied";
    EndToEnd.aws().tables().create(table, string("pk"));
    // The server of tables is also the proxy, so that all goes well at first.
    Map<String, String> config = config(table, EndToEnd.aws().dynamoDbEndpoint());
    try (TestConnector connector = TestConnector.start(worker, table, config)) {
      connector.awaitStreaming(table);
      EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS("a")));
      connector.awaitRecords(table, 1);
      assertThat(worker.rest().text("/connectors/" + table + "/config"))
          .as("the secrets were in use, and are Connect's to show")
          .contains(key, token, proxyPassword);
      assertThat(WorkerMetrics.of(worker.pid()).names()).anyMatch(name -> name.contains(table));
      assertSilent(table);

      EndToEnd.aws().front().onRequest(SecretsIT::quoteInRefusal);
      assertThat(connector.awaitFailure()).contains("InvalidSignatureException");
      connector.awaitState("FAILED");
      assertSilent(table);
    }
  }

  @Test
  @Tag("full")
  void aRegistryThatRefusesShowsNoSecret() throws Exception {
    secrets.alsoWatchBasic("registry password", "me", registryPassword);
    EndToEnd.aws().tables().create("secrets-registry", string("pk"));
    EndToEnd.aws().tables().put("secrets-registry", Map.of("pk", AttributeValue.fromS("a")));
    try (LoopbackHttp registry = LoopbackHttp.start("registry", SecretsIT::repeatAuthorization)) {
      Map<String, String> config = registryConfig(registry.uri().toString());
      config.put("struct.registry.basic.auth.user.info", "me:" + registryPassword);
      assertFailsSilently("secrets-registry", config);

      config.putAll(registrySecretKeys());
      Path store = WorkDirectory.fresh("secrets-store").resolve("store");
      config.put("struct.registry.ssl.truststore.location", store.toString());
      config.put("struct.registry.ssl.keystore.location", store.toString());
      assertFailsSilently("secrets-no-store", config);
      Files.writeString(store, "no store");
      assertFailsSilently("secrets-bad-store", config);

      config.remove("struct.registry.ssl.truststore.location");
      config.remove("struct.registry.ssl.keystore.location");
      config.put("struct.registry.basic.auth.user.info", registryPassword);
      assertRefused("secrets-registry", config);
    }
  }

  /** An answer that says what it was asked with, as a careless proxy's may. */
  private static void repeatAuthorization(HttpExchange exchange) throws IOException {
    LoopbackHttp.answer(
        exchange,
        401,
        "{\"error_code\":401,\"message\":\""
            + exchange.getRequestHeaders().getFirst("Authorization")
            + "\"}");
  }

  private static Map<String, String> registryConfig(String url) {
    Map<String, String> config = EndToEnd.config(1, "secrets-registry");
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("value.format", "struct");
    config.put("struct.registry.url", url);
    return config;
  }

  private Map<String, String> registrySecretKeys() {
    return Map.of(
        "struct.registry.basic.auth.user.info", "me:" + registryPassword,
        "struct.registry.ssl.truststore.password", storePassword,
        "struct.registry.ssl.keystore.password", storePassword,
        "struct.registry.ssl.key.password", storePassword);
  }

  /** As AWS does for a signature that is wrong: it quotes what was signed. */
  private static Optional<AwsResponse> quoteInRefusal(AwsRequest request) {
    String token = request.headers().getFirst("X-Amz-Security-Token");
    return token == null
        ? Optional.empty()
        : Optional.of(
            AwsResponse.error(
                400,
                "com.amazon.coral.service#InvalidSignatureException",
                "The request signature we calculated does not match. The Canonical String should have been 'x-amz-security-token:"
                    + token
                    + "'"));
  }

  /** With a check of the config that asks AWS the connector is refused; without, it fails. */
  private void assertFailsSilently(String name, Map<String, String> config) {
    assertNoneIn("the answer of validate", withoutHeaders(worker.rest(), name, config));
    try (TestConnector connector = TestConnector.start(worker, name, config)) {
      assertThat(connector.awaitFailure()).isNotEmpty();
      assertSilent(name);
    } catch (RestException refusal) {
      assertThat(refusal.status()).isEqualTo(400);
      assertNoneIn("the refusal", refusal.getMessage());
      assertNoneIn("the worker's log", log());
    }
  }

  private static String withoutHeaders(ConnectRest rest, String name, Map<String, String> config) {
    Map<String, String> props = new HashMap<>(config);
    props.put("name", name);
    props.remove("aws.sts.header.overrides");
    return rest.validate(CONNECTOR_CLASS, props).toString();
  }

  private void assertSilent(String name) {
    assertNoneIn("the status", worker.rest().text("/connectors/" + name + "/status"));
    assertNoneIn("the status", worker.rest().text("/connectors?expand=status"));
    assertNoneIn("the offsets", worker.rest().text("/connectors/" + name + "/offsets"));
    worker
        .rest()
        .tasks(name)
        .forEach(
            task ->
                assertNoneIn(
                    "an assignment", task.path("config").path(TaskAssignment.CONFIG_KEY).asText()));
    assertNoneIn("the status topic", TestConnector.records(name + "-status").toString());
    assertNoneIn("JMX", WorkerMetrics.of(worker.pid()).names().toString());
    assertNoneIn("the worker's log", log());
  }

  private void assertNoneIn(String what, String text) {
    assertThat(text).as(what).isNotEmpty();
    assertThat(secrets.in(text)).as("secrets in %s", what).isEmpty();
  }

  private static String log() {
    try {
      return Files.readString(worker.log());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A config that has them all, and does not wait for long. */
  private Map<String, String> config(String table, URI proxy) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stall.timeout.ms", "1000");
    config.put("aws.retries.max", "0");
    config.putAll(secretKeys(proxy));
    return config;
  }

  /** A value for each key that is a secret, by key. */
  private Map<String, String> secretKeys(URI proxy) {
    return Map.of(
        "aws.secret.access.key",
        key,
        "aws.session.token",
        token,
        "aws.http.proxy.url",
        "http://%s:%s%%40@%s".formatted(PROXY_USER, proxyPassword, proxy.getAuthority()));
  }

  /** Where nobody listens. */
  private static URI anyAddress() {
    return URI.create("http://127.0.0.1:" + JvmProcess.freePort());
  }
}
