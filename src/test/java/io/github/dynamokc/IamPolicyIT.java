package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.DeadEnd;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.IamFront;
import io.github.dynamokc.testing.aws.IamPolicy;
import io.github.dynamokc.testing.kafka.RestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The IAM policies that ship with the connector are enough, and nothing in them can be left out:
 * without it a configuration is refused, or the connector fails, and says which action is missing.
 */
class IamPolicyIT {
  private static final Path POLICIES = Path.of("config", "iam");
  private static final Path WITH_SNAPSHOT = POLICIES.resolve("snapshot-and-stream.json");
  private static final Path SNAPSHOT_ONLY = POLICIES.resolve("snapshot-only.json");
  private static final Path STREAM_ONLY = POLICIES.resolve("stream-only.json");
  private static final String CONNECTOR = "io.github.dynamokc.DynamoDbSourceConnector";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Where the missing of an action shows: the key that validate blames, or in the run. */
  private static final Map<String, String> BLAMED =
      new TreeMap<>(
          Map.of(
              "dynamodb:DescribeTable", "tables",
              "dynamodb:DescribeContinuousBackups", "snapshot.mode",
              "dynamodb:DescribeExport", "snapshot.mode",
              "dynamodb:DescribeStream", "tables",
              "dynamodb:GetShardIterator", "tables",
              "dynamodb:GetRecords", "tables",
              "s3:ListBucket", "export.s3.bucket",
              "s3:GetObject", "export.s3.bucket"));

  private static final Set<String> ONLY_IN_THE_PREFLIGHT =
      Set.of("dynamodb:DescribeContinuousBackups", "s3:ListBucket");

  private static final Set<String> ONLY_IN_THE_RUN =
      Set.of(
          "dynamodb:ExportTableToPointInTime",
          "s3:PutObject",
          "s3:PutObjectAcl",
          "s3:AbortMultipartUpload");

  private final IamFront iam = new IamFront(EndToEnd.aws(), policy(WITH_SNAPSHOT, "iam-validated"));

  @BeforeAll
  static void createTable() {
    EndToEnd.aws().tables().create("iam-validated", string("pk"));
  }

  @AfterEach
  void close() {
    iam.close();
  }

  @Test
  void theWholePolicySufficesForSnapshotStreamAndRestart() {
    String table = "iam-snapshot";
    EndToEnd.aws().tables().create(table, string("pk"));
    put(table, "exported");
    IamPolicy policy = policy(WITH_SNAPSHOT, table);
    iam.attach(policy);
    Set<String> running = new TreeSet<>(policy.actions());
    running.removeAll(ONLY_IN_THE_PREFLIGHT);
    assertThat(runs(table, config(table))).as("what runs needs").isEqualTo(running);
  }

  @Test
  @Tag("full")
  void theStreamPolicySufficesForStreamAndRestart() {
    String table = "iam-stream";
    EndToEnd.aws().tables().create(table, string("pk"));
    put(table, "before");
    IamPolicy policy = policy(STREAM_ONLY, table);
    iam.attach(policy);
    assertThat(runs(table, streamOnly(table))).as("what runs needs").isEqualTo(policy.actions());
  }

  @Test
  @Tag("full")
  void theSnapshotPolicySufficesForTheSnapshot() {
    String table = "iam-snapshot-only";
    EndToEnd.aws().tables().create(table, string("pk"));
    put(table, "exported");
    IamPolicy policy = policy(SNAPSHOT_ONLY, table);
    iam.attach(policy);
    Map<String, String> config = snapshotOnly(table);
    assertThat(errors(config)).isEmpty();
    iam.forgetUsed();
    config.put("aws.preflight.enabled", "false");
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStatusRecord("EXPORT_LOADED", table);
      new TableModel(table, "pk").awaitTopicEqualsTable(PATIENCE);
      connector.restart();
      connector.awaitLooksAt(table, 2);
    }
    Set<String> running = new TreeSet<>(policy.actions());
    running.removeAll(ONLY_IN_THE_PREFLIGHT);
    assertThat(iam.used()).as("what runs needs").isEqualTo(running);
  }

  /** The actions that a connector needs that was checked before. */
  private Set<String> runs(String table, Map<String, String> config) {
    assertThat(errors(config)).isEmpty();
    iam.forgetUsed();
    config.put("aws.preflight.enabled", "false");
    TableModel model = new TableModel(table, "pk");
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStreaming(table);
      put(table, "changed");
      model.awaitTopicEqualsTable(PATIENCE);
      EndToEnd.aws().tables().rollOver(table);
      put(table, "in the child");
      model.awaitTopicEqualsTable(PATIENCE);
      connector.restart();
      put(table, "after the restart");
      model.awaitTopicEqualsTable(PATIENCE);
    }
    return iam.used();
  }

  @Test
  void aRefusedConfigurationNamesTheMissingAction() {
    Set<String> known = new TreeSet<>(BLAMED.keySet());
    known.addAll(ONLY_IN_THE_RUN);
    assertThat(policy(WITH_SNAPSHOT, "iam-validated").actions()).isEqualTo(known);
    assertEachActionIsNeeded(WITH_SNAPSHOT, config("iam-validated"));
  }

  @Test
  @Tag("full")
  void aRefusedSnapshotConfigurationNamesTheMissingAction() {
    assertEachActionIsNeeded(SNAPSHOT_ONLY, snapshotOnly("iam-validated"));
    iam.attach(policy(SNAPSHOT_ONLY, "iam-validated"));
    assertThat(errors(config("iam-validated")))
        .as("a stream needs more")
        .containsOnlyKeys("tables");
  }

  private void assertEachActionIsNeeded(Path file, Map<String, String> config) {
    IamPolicy policy = policy(file, "iam-validated");
    iam.attach(policy);
    assertThat(errors(config)).isEmpty();
    for (String action : policy.actions()) {
      if (!ONLY_IN_THE_RUN.contains(action)) {
        iam.attach(policy.without(action));
        assertRefused(config, Objects.requireNonNull(BLAMED.get(action), action), action);
      }
    }
  }

  @Test
  @Tag("full")
  void aRefusedStreamConfigurationNamesTheMissingAction() {
    assertEachActionIsNeeded(STREAM_ONLY, streamOnly("iam-validated"));
    iam.attach(policy(STREAM_ONLY, "iam-validated"));
    assertThat(errors(config("iam-validated")).keySet())
        .as("a snapshot needs more")
        .containsExactlyInAnyOrder("snapshot.mode", "export.s3.bucket");
    Map<String, String> repair = config("iam-validated");
    repair.put("snapshot.mode", "no_data");
    repair.put("stream.on.data.loss", "repair");
    assertThat(errors(repair).keySet())
        .as("a repair needs more")
        .containsExactlyInAnyOrder("stream.on.data.loss", "export.s3.bucket");
  }

  @Test
  void discoveryNeedsItsOwnPolicyBesides() {
    String table = "iam-discovered";
    EndToEnd.aws().tables().create(table, string("pk"));
    EndToEnd.aws().tables().tag(table, "iam", "yes");
    IamPolicy ofTable = policy(WITH_SNAPSHOT, table);
    IamPolicy discovery = IamPolicy.read(POLICIES.resolve("discovery.json"), Map.of());
    Map<String, String> byName = config(table);
    byName.remove("tables");
    byName.put("tables.include", "iam-disc.*");
    Map<String, String> byTag = config(table);
    byTag.remove("tables");
    byTag.put("tables.tags", "iam=yes");
    iam.attach(ofTable.and(discovery));
    iam.forgetUsed();
    assertThat(errors(byName)).isEmpty();
    assertThat(errors(byTag)).isEmpty();
    assertThat(iam.used()).containsAll(discovery.actions());

    iam.attach(ofTable.and(discovery.without("dynamodb:ListTables")));
    assertRefused(byName, "tables.include", "dynamodb:ListTables");
    assertThat(errors(byTag)).isEmpty();
    iam.attach(ofTable.and(discovery.without("tag:GetResources")));
    assertRefused(byTag, "tables.tags", "tag:GetResources");
    iam.attach(policy(WITH_SNAPSHOT, "iam-validated").and(discovery));
    assertRefused(byName, "tables.include", "dynamodb:DescribeTable");
  }

  @Test
  void aConnectorWithoutAPermissionIsNotMade() {
    iam.attach(policy(WITH_SNAPSHOT, "iam-validated").without("dynamodb:GetRecords"));
    assertThatExceptionOfType(RestException.class)
        .isThrownBy(() -> EndToEnd.worker().rest().put("iam-validated", config("iam-validated")))
        .satisfies(
            refusal -> {
              assertThat(refusal.status()).isEqualTo(400);
              assertThat(refusal).hasMessageContaining("tables does not work: dynamodb:GetRecords");
            });
  }

  static Stream<Arguments> whatOnlyTheExportNeeds() {
    return Stream.of(WITH_SNAPSHOT, SNAPSHOT_ONLY)
        .flatMap(policy -> ONLY_IN_THE_RUN.stream().map(action -> arguments(policy, action)));
  }

  /** What cannot be tried without paying for an export. */
  @ParameterizedTest
  @Tag("full")
  @MethodSource("whatOnlyTheExportNeeds")
  void aMissingActionOfTheExportFailsTheConnectorNamingIt(Path file, String action) {
    boolean only = file.equals(SNAPSHOT_ONLY);
    String table = "iam-without-" + action.replace(':', '-') + (only ? "-only" : "");
    EndToEnd.aws().tables().create(table, string("pk"));
    put(table, "exported");
    iam.attach(policy(file, table).without(action));
    Map<String, String> config = only ? snapshotOnly(table) : config(table);
    config.put("export.max.attempts", "1");
    try (TestConnector connector = TestConnector.start(table, config)) {
      assertThat(connector.awaitFailure())
          .contains(
              action.startsWith("s3:") ? "S3AccessDenied" : "Allow " + action + " on", action);
    }
  }

  @Test
  void thePolicyOfOtherTablesOrOfAnotherFolderIsNotEnough() {
    iam.attach(policy(WITH_SNAPSHOT, "iam-of-others"));
    assertRefused(config("iam-validated"), "tables", "dynamodb:DescribeTable");
    iam.attach(policy(WITH_SNAPSHOT, "iam-validated"));
    Map<String, String> elsewhere = config("iam-validated");
    elsewhere.put("export.s3.prefix", "elsewhere");
    assertRefused(elsewhere, "export.s3.bucket", "s3:GetObject");
    Map<String, String> otherBucket = config("iam-validated");
    otherBucket.put("export.s3.bucket", "iam-other");
    assertRefused(otherBucket, "export.s3.bucket", "s3:ListBucket");
  }

  @Test
  void aTableThatIsNotAsItMustBeIsRefusedUnlessThePreflightIsOff() {
    Map<String, String> config = EndToEnd.config(1, "iam-missing");
    assertRefused(config, "tables", "iam-missing");
    String table = "iam-no-recovery";
    EndToEnd.aws().tables().create(table, string("pk"));
    EndToEnd.aws().tables().disableRecovery(table);
    EndToEnd.aws().tables().disableStream(table);
    config = EndToEnd.config(1, table);
    assertThat(errors(config).keySet()).containsExactlyInAnyOrder("tables", "snapshot.mode");
    config.put("export.s3.bucket", "iam-no-bucket");
    assertThat(errors(config).keySet())
        .containsExactlyInAnyOrder("tables", "snapshot.mode", "export.s3.bucket");
    config.put("aws.preflight.enabled", "false");
    assertThat(errors(config)).isEmpty();
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(
      strings = {"aws.dynamodb.endpoint", "aws.dynamodb.streams.endpoint", "aws.s3.endpoint"})
  void anAbsentOrSilentAwsIsAnErrorOfItsEndpointInTime(String key) {
    try (DeadEnd closed = DeadEnd.closed();
        DeadEnd silent = DeadEnd.silent()) {
      for (String url : List.of(closed.url(), silent.url())) {
        Map<String, String> config = config("iam-validated");
        config.put(key, url);
        long begin = System.nanoTime();
        Map<String, List<String>> errors = errors(config);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT);
        assertThat(errors).containsOnlyKeys(key);
        assertThat(errors.get(key).toString()).contains("Check that the worker reaches");
      }
    }
  }

  private static void assertRefused(Map<String, String> config, String key, String said) {
    Map<String, List<String>> errors = errors(config);
    assertThat(errors).as("without " + said).containsOnlyKeys(key);
    assertThat(errors.get(key))
        .singleElement()
        .satisfies(error -> assertThat(error).startsWith(key + " ").contains(said));
  }

  /** What the worker's validation puts on keys; asked without a connector's name. */
  private static Map<String, List<String>> errors(Map<String, String> config) {
    Map<String, List<String>> errors = new TreeMap<>();
    JsonNode answer = EndToEnd.worker().rest().validate(CONNECTOR, config);
    for (JsonNode key : answer.path("configs")) {
      JsonNode value = key.path("value");
      List<String> messages = new ArrayList<>();
      value.path("errors").forEach(error -> messages.add(error.asText()));
      if (!messages.isEmpty() && !value.path("name").asText().equals("name")) {
        errors.put(value.path("name").asText(), messages);
      }
    }
    return errors;
  }

  private Map<String, String> config(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("aws.dynamodb.endpoint", iam.dynamoDbEndpoint().toString());
    config.put("aws.dynamodb.streams.endpoint", iam.dynamoDbEndpoint().toString());
    config.put("aws.tagging.endpoint", iam.dynamoDbEndpoint().toString());
    config.put("aws.s3.endpoint", iam.s3Endpoint().toString());
    config.put("export.s3.prefix", "iam");
    return config;
  }

  private Map<String, String> snapshotOnly(String table) {
    Map<String, String> config = config(table);
    config.put("snapshot.mode", "initial_only");
    return config;
  }

  private Map<String, String> streamOnly(String table) {
    Map<String, String> config = config(table);
    config.remove("export.s3.bucket");
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    return config;
  }

  /** The policy as it ships, but for the names of account, region, table and bucket. */
  private static IamPolicy policy(Path file, String table) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("eu-central-1:123456789012", "ddblocal:000000000000");
    names.put("table/orders", "table/" + table);
    if (!file.equals(STREAM_ONLY)) {
      names.put("my-export-bucket/exports/", EndToEnd.BUCKET + "/iam/");
      names.put("my-export-bucket", EndToEnd.BUCKET);
    }
    return IamPolicy.read(file, names);
  }

  private static void put(String table, String pk) {
    EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS(pk)));
  }
}
