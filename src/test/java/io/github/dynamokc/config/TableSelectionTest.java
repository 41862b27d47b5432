package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableSelectionTest {

  private static ConnectorConfig config(String... keysAndValues) {
    return ConnectorConfig.from(Props.without("tables", keysAndValues));
  }

  @Test
  void tablesAreNamedByDefaultAndFailTogether() {
    ConnectorConfig config = ConnectorConfig.from(Props.with());
    assertThat(config.selection().discovers()).isFalse();
    assertThat(config.selection().matchesName("orders")).isFalse();
    assertThat(config.selection().interval()).hasSeconds(60);
    assertThat(config.selection().max()).isEqualTo(200);
    assertThat(config.onTableFailure()).isEqualTo(TableFailurePolicy.FAIL);
    assertThat(config.restartInterval()).hasSeconds(60);
    assertThat(config.mayHave("orders")).isTrue();
    assertThat(config.mayHave("users")).isFalse();
  }

  @Test
  void wholeNamesAreMatchedAndThenLeftOut() {
    TableSelection selection =
        config("tables.include", "orders-.*, users", "tables.exclude", ".*-test").selection();
    assertThat(selection.discovers()).isTrue();
    assertThat(selection.matchesName("orders-eu")).isTrue();
    assertThat(selection.matchesName("users")).isTrue();
    assertThat(selection.matchesName("users2")).isFalse();
    assertThat(selection.matchesName("my-orders-eu")).isFalse();
    assertThat(selection.matchesName("orders-test")).isFalse();
  }

  @Test
  void tagsAloneAreForAnyName() {
    TableSelection selection = config("tables.tags", "env=prod, cdc, empty=, a=b=c").selection();
    assertThat(selection.tags())
        .containsExactly(
            new TagFilter("env", "prod"),
            new TagFilter("cdc", null),
            new TagFilter("empty", ""),
            new TagFilter("a", "b=c"));
    assertThat(selection.matchesName("whatever")).isTrue();
  }

  @Test
  void whatIsNamedIsReadThoughItIsLeftOut() {
    ConnectorConfig config =
        ConnectorConfig.from(
            Props.with("tables.include", "orders.*", "tables.exclude", "orders,users"));
    assertThat(config.tables()).extracting(t -> t.table().name()).containsExactly("orders");
    assertThat(config.mayHave("orders")).isTrue();
    assertThat(config.mayHave("users")).isFalse();
  }

  @Test
  void selectionsOfOneTextAreEqual() {
    assertThat(config("tables.include", "a.*").selection())
        .isEqualTo(config("tables.include", "a.*").selection())
        .hasSameHashCodeAs(config("tables.include", "a.*").selection())
        .isNotEqualTo(config("tables.include", "b.*").selection());
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "tables.include, 'a(b', 'is a(b, which has a mistake at character 4: Unclosed group'",
    "tables.include, 'a.*,,b.*', 'none of them empty'",
    "tables.include, 'a.*,a.*', 'each of them once'",
    "tables.exclude, '[', 'at character 1'",
    "tables.tags, 'a=b,', 'key=value'",
    "tables.tags, '=b', 'key=value'",
    "tables.tags, 'env=a,env=b', 'each key once'",
    "tables.discovery.interval.ms, 999, '1000 or more'",
    "tables.max, 0, '1 to 10000'",
    "table.on.failure, ignore, 'fail, isolate'",
    "tables.restart.interval.ms, -1, '0 or more'"
  })
  void aBadValueIsAProblemOfItsKey(String key, String value, String said) {
    assertThat(ConnectorConfig.problems(Props.with("tables.tags", "cdc", key, value)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.message()).contains(said);
            });
  }

  @Test
  void withoutAnySelectionTablesAreMissing() {
    assertThat(ConnectorConfig.problems(Props.without("tables")))
        .containsExactly(
            new ConfigProblem(
                "tables",
                "must be set, or tables.include or tables.tags, is missing: names or ARNs of tables, separated by commas"));
  }

  @Test
  void nothingCanBeLeftOutOfNamedTables() {
    assertThat(ConnectorConfig.problems(Props.with("tables.exclude", "users")))
        .extracting(ConfigProblem::key)
        .containsExactly("tables.exclude");
  }

  @Test
  void aTableOfALegalNameHasTheConnectorsSettings() {
    ConnectorConfig config = config("tables.include", "orders-.*", "snapshot.id", "7");
    TableConfig table = config.table("orders-eu");
    assertThat(table.table()).isEqualTo(TableRef.parse("orders-eu"));
    assertThat(table.snapshot().id()).isEqualTo("7");
    assertThat(config.table("orders-eu")).isSameAs(table);
    assertThat(config.tables()).isEmpty();
    assertThatThrownBy(() -> config.table("a b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutDiscoveryOnlyNamedTablesHaveSettings() {
    assertThatThrownBy(() -> ConnectorConfig.from(Props.with()).table("users"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theNameComesBeforeTheLongestExpressionThatHasTheKey() {
    ConnectorConfig config =
        config(
            "tables.include", "orders-.*",
            "snapshot.id", "own",
            "table..*.snapshot.id", "all",
            "table.orders-.*.snapshot.id", "orders",
            "table.orders-eu-.*.export.s3.prefix", "eu",
            "table.orders-eu-1.snapshot.id", "one");
    assertThat(config.table("orders-eu-1").snapshot().id()).isEqualTo("one");
    assertThat(config.table("orders-eu-1").snapshot().prefix()).isEqualTo("eu");
    assertThat(config.table("orders-eu-2").snapshot().id()).isEqualTo("orders");
    assertThat(config.table("orders-eu-2").snapshot().prefix()).isEqualTo("eu");
    assertThat(config.table("orders-us").snapshot().prefix()).isEmpty();
    assertThat(config.table("other").snapshot().id()).isEqualTo("all");
    assertThat(config.shared().snapshot().id()).isEqualTo("own");
  }

  @Test
  void ofExpressionsOfOneLengthTheFirstByTextHolds() {
    ConnectorConfig config =
        config(
            "tables.include", "ab.*",
            "table.ab.+.snapshot.id", "plus",
            "table.ab.*.snapshot.id", "star");
    assertThat(config.table("abc").snapshot().id()).isEqualTo("star");
  }

  @Test
  void expressionsHoldForNamedTablesToo() {
    Map<String, String> props = Props.with("tables", "orders,users", "table.o.*.snapshot.id", "2");
    ConnectorConfig config = ConnectorConfig.from(props);
    assertThat(config.table("orders").snapshot().id()).isEqualTo("2");
    assertThat(config.table("users").snapshot().id()).isEqualTo("1");
    assertThat(ConnectorConfig.keyOf(props, TableRef.parse("orders"), "snapshot.id"))
        .isEqualTo("table.o.*.snapshot.id");
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "table.users.snapshot.id, 2",
    "table.orders-test.snapshot.id, 2",
    "table.orders-(.snapshot.id, 2",
    "table.orders-.*.snapshot.mode, never",
    "table.orders-.*.key.format, json",
    "table.orders-.*.snapshot.idd, 2",
    "table.orders-.*.stream.poll.idle.max.ms, 100",
    "table.orders-.*.topic.format, orders",
    "table.on.failures, fail",
    "topic.format, all",
    "table.orders-.*.export.arn, arn:aws:dynamodb:eu-west-1:123456789012:table/orders-a/export/01-ab"
  })
  void aBadOverrideForDiscoveredTablesIsRefused(String key, String value) {
    assertThat(
            ConnectorConfig.problems(
                Props.without(
                    "tables",
                    "tables.include",
                    "orders-.*",
                    "tables.exclude",
                    ".*-test",
                    key,
                    value)))
        .extracting(ConfigProblem::key)
        .containsExactly(key);
  }

  @Test
  void anExpressionForNoneOfTheNamedTablesIsRefused() {
    assertThat(ConnectorConfig.problems(Props.with("table.u.*.snapshot.id", "2")))
        .extracting(ConfigProblem::key)
        .containsExactly("table.u.*.snapshot.id");
  }

  @Test
  void discoveredTablesNeedABucketFromTheConnectorOrEachExpression() {
    Map<String, String> props =
        Props.without("export.s3.bucket", "tables.include", "a-.*,b-.*", "tables", "");
    assertThat(ConnectorConfig.problems(props))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("export.s3.bucket");
              assertThat(problem.message()).contains("any like a-.*, any like b-.*");
            });
    props.put("table.a-.*.export.s3.bucket", "for-a");
    props.put("table.b-.*.snapshot.mode", "no_data");
    assertThat(ConnectorConfig.problems(props)).isEmpty();
  }

  @Test
  void overridesThatDoNotGoTogetherAreFoundWhenTheTableIs() {
    ConnectorConfig config =
        config(
            "tables.tags", "cdc",
            "table.a.*.stream.poll.interval.ms", "5000",
            "table.a.*.stream.poll.idle.max.ms", "5000",
            "table.ab.*.stream.poll.idle.max.ms", "4000");
    assertThat(config.table("acd").stream().pollIdleMax()).hasMillis(5_000);
    assertThatThrownBy(() -> config.table("abc"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("table.ab.*.stream.poll.idle.max.ms must be 5000 or more");
  }

  @Test
  void aTopicThatAnotherTableHasIsAConflict() {
    ConnectorConfig config =
        config("tables.tags", "cdc", "name", "shop", "table.users.topic.format", "orders");
    assertThat(config.topicConflict("a.b", List.of("a.b", "other"))).isNull();
    assertThat(config.topicConflict("a.b", List.of("a_b"))).contains("the table a_b has a_b");
    assertThat(config.topicConflict("orders", List.of("users"))).contains("table users");
    assertThat(config.topicConflict("shop-status", List.of())).contains("status records");
    assertThat(config.topicConflict("x".repeat(250), List.of())).contains("249 characters");
  }
}
