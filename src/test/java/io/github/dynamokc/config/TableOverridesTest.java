package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableOverridesTest {

  @Test
  void anOverrideChangesOneTableOnly() {
    ConnectorConfig config =
        ConnectorConfig.from(
            Props.with(
                "tables", "orders,users",
                "table.orders.export.s3.bucket", "other",
                "table.orders.snapshot.mode", "initial_only",
                "table.orders.stream.poll.interval.ms", "10",
                "table.orders.topic.format", "o"));
    TableConfig orders = config.table("orders");
    assertThat(orders.snapshot().bucket()).isEqualTo("other");
    assertThat(orders.snapshot().mode()).isEqualTo(SnapshotMode.INITIAL_ONLY);
    assertThat(orders.stream().pollInterval()).hasMillis(10);
    assertThat(orders.records().topicFormat().text()).isEqualTo("o");
    TableConfig users = config.table("users");
    assertThat(users.snapshot().bucket()).isEqualTo("orders-exports");
    assertThat(users.snapshot().mode()).isEqualTo(SnapshotMode.INITIAL);
    assertThat(users.records().topicFormat().text()).isEqualTo("${table}");
  }

  @Test
  void theLongerOfTwoMatchingNamesWins() {
    ConnectorConfig config =
        ConnectorConfig.from(
            Props.with("tables", "shop,shop.orders", "table.shop.orders.snapshot.id", "2"));
    assertThat(config.table("shop.orders").snapshot().id()).isEqualTo("2");
    assertThat(config.table("shop").snapshot().id()).isEqualTo("1");
  }

  @Test
  void aTableGivenAsAnArnIsOverriddenByItsName() {
    ConnectorConfig config =
        ConnectorConfig.from(
            Props.with(
                "tables", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
                "table.orders.snapshot.id", "2"));
    assertThat(config.table("orders").snapshot().id()).isEqualTo("2");
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "table.users.export.s3.bucket, abc",
    "table.orders.export.s3.buckett, abc",
    "table.orders.key.format, json",
    "table.orders.status.topic, abc",
    "table.orders.aws.region, eu-west-1",
    "table.orders.max.batch.size, 1",
    "table.orders.stream.poll.threads, 1",
    "table.orders.export.file.concurrency, 1",
    "table.orders, abc",
    "table.orders.snapshot.mode, never",
    "table.orders.export.max.attempts, x",
    "table.orders.stream.poll.interval.ms, 0",
    "table.orders.topic.format, a b",
    "table.orders.topic.format, orders-source-status",
    "table.orders.export.arn, arn:aws:dynamodb:eu-west-1:123456789012:table/users/export/01-ab",
    "table.orders.stream.poll.idle.max.ms, 100"
  })
  void aBadOverrideIsAProblemOfTheOverrideItself(String key, String value) {
    String blamed = value.endsWith("-status") ? "status.topic" : key;
    assertThat(ConnectorConfig.problems(Props.with(key, value)))
        .extracting(ConfigProblem::key)
        .containsExactly(blamed);
  }

  @Test
  void onlyTheTablesThatNeedABucketAreNamed() {
    Map<String, String> props =
        Props.without(
            "export.s3.bucket",
            "tables",
            "aaa,bbb,ccc",
            "table.aaa.export.s3.bucket",
            "bucket",
            "table.bbb.snapshot.mode",
            "no_data");
    List<ConfigProblem> problems = ConnectorConfig.problems(props);
    assertThat(problems)
        .singleElement()
        .extracting(ConfigProblem::key)
        .isEqualTo("export.s3.bucket");
    assertThat(problems.get(0).message())
        .contains("ccc")
        .doesNotContain("aaa")
        .doesNotContain("bbb");
  }
}
