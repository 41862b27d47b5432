package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.repair.RepairWindows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorConfigTest {

  @Test
  void theSmallestConfigurationHasTheDocumentedDefaults() {
    assertThat(ConnectorConfig.problems(Props.with())).isEmpty();
    ConnectorConfig config = ConnectorConfig.from(Props.with());
    assertThat(config.connectorName()).isEqualTo("orders-source");
    assertThat(config.tasksMax()).isEqualTo(1);
    assertThat(config.statusTopic()).isEqualTo("orders-source-status");
    assertThat(config.delivery())
        .isEqualTo(new DeliveryConfig(2048, 1_048_576, null, Duration.ofHours(1)));
    assertThat(config.aws().credentials()).isEqualTo(new CredentialsConfig.DefaultChain());
    assertThat(config.aws().role()).isNull();
    assertThat(config.aws().proxy()).isNull();
    assertThat(config.region()).isNull();
    TableConfig table = config.table("orders");
    assertThat(table.snapshot().mode()).isEqualTo(SnapshotMode.INITIAL);
    assertThat(table.snapshot().exportPollInterval()).hasMillis(10_000);
    assertThat(table.snapshot().exportMaxAttempts()).isEqualTo(3);
    assertThat(table.snapshot().fileConcurrency()).isZero();
    assertThat(table.stream().startPosition()).isEqualTo(StartPosition.LATEST);
    assertThat(table.stream().startSlack()).hasSeconds(60);
    assertThat(table.stream().handoverOverlap()).hasMinutes(5);
    assertThat(table.stream().viewOnRemove()).isEqualTo(RemoveView.NEW_IMAGE);
    assertThat(table.stream().pollInterval()).hasMillis(250);
    assertThat(table.stream().pollIdleMax()).hasMillis(1_500);
    assertThat(table.stream().pollThreads(1)).isEqualTo(4);
    assertThat(table.stream().pollThreads(2560)).isEqualTo(40);
    assertThat(table.stream().pollThreads(10_000)).isEqualTo(64);
    assertThat(table.stream().shardDiscoveryInterval()).hasSeconds(30);
    assertThat(table.records())
        .isEqualTo(
            new RecordConfig(
                new TopicFormat("${table}"),
                KeyFormat.JSON,
                ConverterKind.UNKNOWN,
                ValueFormat.JSON,
                ValueLayout.DOCUMENT,
                ConverterKind.UNKNOWN,
                new StructConfig(StructSchema.COLUMNS, NumberMode.DECIMAL, null, false),
                DeleteMode.DOCUMENT,
                Set.of(),
                "",
                new SizeLimit(1_048_576, false)));
  }

  @Test
  void limitedAcknowledgmentsHaveTheDocumentedTimeouts() {
    ConnectorConfig config = ConnectorConfig.from(Props.with("acknowledgments", "true"));
    assertThat(config.delivery().acknowledgments())
        .isEqualTo(
            new DeliveryConfig.AcknowledgmentTimeouts(
                Duration.ofMinutes(10), Duration.ofMinutes(5)));
    assertThat(config.connect().transactionsSpanPolls()).isFalse();
    assertThat(
            ConnectorConfig.from(Props.with("transaction.boundary", "INTERVAL"))
                .connect()
                .transactionInterval())
        .hasSeconds(60);
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      nullValues = "null",
      textBlock =
          """
          tables, ''
          tables, or
          tables, 'orders,orders'
          tables, 'orders,arn:aws:dynamodb:eu-west-1:123456789012:table/orders'
          tables, arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026
          tables, 'arn:aws:dynamodb:eu-west-1:123456789012:table/aaa,arn:aws:dynamodb:eu-west-2:123456789012:table/bbb'
          aws.region, Ireland (west)
          aws.sts.role.arn, my-role
          aws.dynamodb.endpoint, localhost:8000
          aws.dynamodb.streams.endpoint, ftp://host
          aws.s3.endpoint, 'http://user:secret@host'
          aws.sts.endpoint, 'http://a b'
          aws.s3.path.style.access, perhaps
          aws.api.call.timeout.ms, 0
          aws.retries.max, -1
          snapshot.mode, never
          snapshot.id, a b
          export.s3.bucket, s3://orders-exports
          export.s3.region, '?'
          export.s3.bucket.owner, 1234
          export.arn, arn:aws:dynamodb:eu-west-1:123456789012:table/orders
          export.arn, arn:aws:dynamodb:eu-west-1:123456789012:table/other/export/01-ab
          export.poll.interval.ms, soon
          export.max.attempts, 0
          export.file.concurrency, -1
          stream.start.position, OLDEST
          stream.start.slack.ms, -1
          stream.view.on.remove, BOTH
          stream.handover.overlap.ms, -1
          stream.poll.interval.ms, 0
          stream.poll.idle.max.ms, 100
          stream.poll.threads, -1
          shard.discovery.interval.ms, 1
          topic.format, ${tabel}
          topic.format, a/${table}
          topic.format, ' . '
          export.s3.prefix, s3://orders-exports/x
          export.s3.prefix, arn:aws:s3:::orders-exports
          export.s3.sse.kms.key.id, a key
          export.s3.sse.kms.key.id, arn:aws:kms:eu-west-1:123456789012:alias
          key.format, avro
          status.topic, a b
          status.topic, orders
          max.batch.size, 0
          max.queue.bytes, 10
          """)
  void aBadValueIsAProblemOfItsKey(String key, String value) {
    Map<String, String> props = Props.with(key, value);
    assertThat(ConnectorConfig.problems(props))
        .as("one message an error")
        .extracting(ConfigProblem::key)
        .containsExactly(key);
    assertThatThrownBy(() -> ConnectorConfig.from(props))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  /** Forms send an empty text, and clients null, for what is left alone. */
  @ParameterizedTest
  @MethodSource("keys")
  void aKeyWithoutAValueIsNotWritten(String key) {
    Map<String, String> without = Props.with("tables", "orders");
    ConnectorConfig expected = ConnectorConfig.from(without);
    for (String value : new String[] {"", "  ", null}) {
      Map<String, String> props = new HashMap<>(without);
      props.put(key, value);
      props.put("table.orders.snapshot.id", value);
      assertThat(ConnectorConfig.problems(props)).isEmpty();
      assertThat(ConnectorConfig.from(props)).usingRecursiveComparison().isEqualTo(expected);
      assertThat(ConnectorConfig.validate(props).configValues())
          .allMatch(shown -> shown.errorMessages().isEmpty());
    }
  }

  static Stream<String> keys() {
    return ConnectorConfig.definition().names().stream()
        .filter(key -> !Props.with("tables", "orders").containsKey(key));
  }

  @Test
  void aPrefixCanHaveWhateverS3Takes() {
    assertThat(ConnectorConfig.problems(Props.with("export.s3.prefix", "dt=2026/größe"))).isEmpty();
    assertThat(ConnectorConfig.problems(Props.with("export.s3.prefix", "x".repeat(901))))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message()).contains("must be of at most 900 bytes, not of 901"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "mrk-1234abcd12ab34cd56ef1234567890ab",
        "alias/exports",
        "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws-cn:kms:cn-north-1:123456789012:alias/exports"
      })
  void aKmsKeyIsAnIdAnAliasOrAnArn(String key) {
    assertThat(ConnectorConfig.problems(Props.with("export.s3.sse.kms.key.id", key))).isEmpty();
  }

  @Test
  void aMissingTableListIsAProblemOfItsKey() {
    assertThat(ConnectorConfig.problems(Props.without("tables")))
        .extracting(ConfigProblem::key)
        .containsOnly("tables");
  }

  @Test
  void aRepairNeedsABucketInEveryModeThatFollowsTheStream() {
    for (String mode : List.of("no_data", "initial", "when_needed")) {
      String[] repair = {"snapshot.mode", mode, "stream.on.data.loss", "repair"};
      assertThat(ConnectorConfig.problems(Props.with(repair))).isEmpty();
      assertThat(ConnectorConfig.problems(Props.without("export.s3.bucket", repair)))
          .filteredOn(problem -> problem.key().equals("stream.on.data.loss"))
          .singleElement()
          .satisfies(problem -> assertThat(problem.message()).contains("export.s3.bucket"));
    }
    assertThat(
            ConnectorConfig.problems(
                Props.without(
                    "export.s3.bucket",
                    "snapshot.mode",
                    "no_data",
                    "table.orders.stream.on.data.loss",
                    "repair")))
        .extracting(ConfigProblem::key)
        .containsExactly("table.orders.stream.on.data.loss");
    assertThat(
            ConnectorConfig.problems(
                Props.with("snapshot.mode", "initial_only", "stream.on.data.loss", "repair")))
        .as("no stream, no loss")
        .isEmpty();
  }

  @Test
  void aRepairTakesNoOverlapOfManyHours() {
    assertThat(StreamConfig.LONGEST_OVERLAP_OF_REPAIR).isEqualTo(RepairWindows.LONGEST_OVERLAP);
    String[] longer = {"stream.handover.overlap.ms", "21600001", "stream.on.data.loss", "repair"};
    assertThat(ConnectorConfig.problems(Props.with(longer)))
        .containsExactly(
            new ConfigProblem(
                "stream.handover.overlap.ms",
                "must be at most 21600000 with stream.on.data.loss=repair, is 21600001"));
    longer[1] = "21600000";
    assertThat(ConnectorConfig.problems(Props.with(longer))).isEmpty();
  }

  @Test
  void aSnapshotWhenNeededNeedsABucketBesidesAGivenExport() {
    String export = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/export/1";
    String[] given = {"export.arn", export, "snapshot.mode", "initial"};
    assertThat(ConnectorConfig.problems(Props.without("export.s3.bucket", given))).isEmpty();
    given[3] = "when_needed";
    assertThat(ConnectorConfig.problems(Props.without("export.s3.bucket", given)))
        .extracting(ConfigProblem::key)
        .containsExactly("export.s3.bucket");
    assertThat(SnapshotMode.WHEN_NEEDED.loadsItems()).isTrue();
    assertThat(SnapshotMode.WHEN_NEEDED.followsStream()).isTrue();
  }

  @Test
  void aSnapshotNeedsABucketAndNoDataDoesNot() {
    assertThat(ConnectorConfig.problems(Props.without("export.s3.bucket")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("export.s3.bucket");
              assertThat(problem.message()).contains("orders").contains("no_data");
            });
    assertThat(
            ConnectorConfig.problems(
                Props.without("export.s3.bucket", "snapshot.mode", "initial_only")))
        .hasSize(1);
    assertThat(
            ConnectorConfig.problems(Props.without("export.s3.bucket", "snapshot.mode", "no_data")))
        .isEmpty();
  }

  @Test
  void aGivenExportNeedsNoBucketAndIsOfItsTable() {
    String export = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/export/01-ab";
    assertThat(ConnectorConfig.problems(Props.without("export.s3.bucket", "export.arn", export)))
        .isEmpty();
    assertThat(ConnectorConfig.problems(Props.with("tables", "orders,users", "export.arn", export)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("export.arn");
              assertThat(problem.message())
                  .contains("must be an export of the table users, is " + export);
            });
    assertThat(
            ConnectorConfig.problems(
                Props.with("tables", "orders,users", "table.orders.export.arn", export)))
        .isEmpty();
  }

  @Test
  void theRegionOfTheArnsMustBeTheConfiguredOne() {
    String arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders";
    assertThat(ConnectorConfig.problems(Props.with("tables", arn, "aws.region", "us-east-1")))
        .extracting(ConfigProblem::key)
        .containsExactly("tables");
    assertThat(ConnectorConfig.from(Props.with("tables", arn)).region()).isEqualTo("eu-west-1");
    assertThat(
            ConnectorConfig.from(Props.with("tables", "orders, " + arn.replace("orders", "users")))
                .region())
        .isEqualTo("eu-west-1");
  }

  @Test
  void theStatusTopicMustBeGivenIfTheNameMakesNoTopic() {
    assertThat(ConnectorConfig.problems(Props.with("name", "my orders")))
        .extracting(ConfigProblem::key)
        .containsExactly("status.topic");
    assertThat(ConnectorConfig.from(Props.with("name", "my orders", "status.topic", "s")))
        .extracting(ConnectorConfig::statusTopic)
        .isEqualTo("s");
  }

  @Test
  void aTooLongTableNameIsAProblemOfTheTopicFormat() {
    assertThat(ConnectorConfig.problems(Props.with("tables", "a".repeat(255))))
        .extracting(ConfigProblem::key)
        .containsExactly("topic.format");
  }

  @Test
  void valuesAreReadInAnyCaseAndAroundSpaces() {
    ConnectorConfig config =
        ConnectorConfig.from(
            Props.with(
                "tables", " orders , users ",
                "tasks.max", "3",
                "snapshot.mode", "INITIAL_ONLY",
                "stream.start.position", "trim_horizon",
                "key.format", "Primary_Key",
                "topic.format", "cdc.${table}"));
    assertThat(config.tasksMax()).isEqualTo(3);
    assertThat(config.tables())
        .extracting(t -> t.table().name())
        .containsExactly("orders", "users");
    TableConfig users = config.table("users");
    assertThat(users.snapshot().mode()).isEqualTo(SnapshotMode.INITIAL_ONLY);
    assertThat(users.stream().startPosition()).isEqualTo(StartPosition.TRIM_HORIZON);
    assertThat(users.records().keyFormat()).isEqualTo(KeyFormat.PRIMARY_KEY);
    assertThat(users.records().topicFormat()).isEqualTo(new TopicFormat("cdc.${table}"));
  }

  @Test
  void theKeysOfConnectAreLeftAlone() {
    assertThat(
            ConnectorConfig.problems(
                Props.with(
                    "key.converter", "org.apache.kafka.connect.storage.StringConverter",
                    "transforms", "route",
                    "transforms.route.type", "x",
                    "predicates", "p",
                    "errors.tolerance", "all",
                    "topic.creation.default.partitions", "3",
                    "something.else", "1")))
        .isEmpty();
  }

  @Test
  void theNameIsNeededToRunButNotToValidate() {
    assertThat(ConnectorConfig.problems(Props.without("name"))).isEmpty();
    assertThatThrownBy(() -> ConnectorConfig.from(Props.without("name")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("name");
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "many"})
  void aBadNumberOfTasksIsRefusedByItsKey(String tasks) {
    assertThatThrownBy(() -> ConnectorConfig.from(Props.with("tasks.max", tasks)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tasks.max");
  }

  @Test
  void validatePutsProblemsOnTheirKeysAndAddsUndefinedKeys() {
    Map<String, String> props =
        Props.without(
            "export.s3.bucket", "max.batch.size", "0", "table.users.export.s3.bucket", "abc");
    List<ConfigValue> values = ConnectorConfig.validate(props).configValues();
    assertThat(values.stream().filter(v -> !v.errorMessages().isEmpty()).map(ConfigValue::name))
        .containsExactlyInAnyOrder(
            "export.s3.bucket", "max.batch.size", "table.users.export.s3.bucket");
    assertThat(values).hasSize(ConnectorConfig.definition().names().size() + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "table.users.export.s3.bucket, hidden-not",
    "table.users.aws.secret.access.key,",
    "table.users.aws.secret.acess.key,",
    "table.users.aws.http.proxy.url,",
    "table.users.aws.sts.header.overrides,",
  })
  void validateShowsOverridesUnlessTheyCanBeSecret(String key, @Nullable String shown) {
    assertThat(ConnectorConfig.validate(Props.with(key, "hidden-not")).configValues())
        .filteredOn(v -> v.name().equals(key))
        .singleElement()
        .satisfies(v -> assertThat(v.value()).isEqualTo(shown))
        .satisfies(v -> assertThat(v.errorMessages()).isNotEmpty());
  }

  @Test
  void furtherProblemsCanBePutOnKeys() {
    List<ConfigValue> values =
        new ArrayList<>(ConnectorConfig.validate(Props.with()).configValues());
    ConnectorConfig.addProblems(
        values, Props.with(), List.of(new ConfigProblem("tables", "does not exist")));
    assertThat(values)
        .filteredOn(v -> v.name().equals("tables"))
        .flatExtracting(ConfigValue::errorMessages)
        .containsExactly("tables does not exist");
  }

  @Test
  void anIrrelevantKeyIsNotShown() {
    assertThat(ConnectorConfig.validate(Props.with("snapshot.mode", "no_data")).configValues())
        .filteredOn(v -> v.name().equals("export.s3.bucket"))
        .extracting(ConfigValue::visible)
        .containsExactly(false);
  }

  @ParameterizedTest
  @CsvSource({
    "producer.override.max.block.ms, 60000",
    "producer.override.delivery.timeout.ms, 120000",
    "producer.override.retries, 3",
  })
  void aProducerThatGivesUpWouldHaveRecordsSkipped(String key, String value) {
    assertThat(ConnectorConfig.problems(Props.with(key, value))).isEmpty();
    assertThat(
            ConnectorConfig.problems(
                Props.with(key, Long.toString(Long.MAX_VALUE), "errors.tolerance", "all")))
        .isEmpty();
    assertThat(ConnectorConfig.problems(Props.with(key, value, "errors.tolerance", "all")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.message()).contains("must be 2147483647 or absent", value);
            });
  }

  @Test
  void theLargestRecordIsWhatTheProducerTakes() {
    assertThat(sizeLimit()).isEqualTo(new SizeLimit(1_048_576, false));
    assertThat(sizeLimit("producer.override.max.request.size", "2000000"))
        .isEqualTo(new SizeLimit(2_000_000, false));
    assertThat(
            sizeLimit(
                "producer.override.max.request.size",
                "2000000",
                "max.record.bytes",
                "3000000",
                "errors.log.include.messages",
                "true"))
        .isEqualTo(new SizeLimit(3_000_000, true));
  }

  private static SizeLimit sizeLimit(String... props) {
    return ConnectorConfig.from(Props.with(props)).table("orders").records().sizeLimit();
  }
}
