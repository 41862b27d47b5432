package io.github.dynamokc.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.ConfigProblem;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.preflight.FakeAws.Answer;
import io.github.dynamokc.testing.DeadEnd;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a validation shows of tables that are discovered. */
@Timeout(60)
class DiscoveryPreflightTest {
  private final FakeAws aws = new FakeAws();

  @AfterEach
  void close() {
    aws.close();
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(each -> '"' + each + '"').collect(Collectors.joining(","));
  }

  private void list(List<String> tables) {
    aws.change("ListTables", good -> Answer.of(200, "{\"TableNames\":[" + quoted(tables) + "]}"));
  }

  private static List<String> tables(int count) {
    return IntStream.range(0, count).mapToObj("orders-%03d"::formatted).toList();
  }

  private Map<String, String> props(String... keysAndValues) {
    Map<String, String> props = new HashMap<>();
    props.put("name", "orders-source");
    props.put("tables.include", "orders-.*");
    props.put("aws.region", "eu-west-1");
    props.put("aws.access.key.id", "AKID");
    props.put("aws.secret.access.key", "very-secret");
    props.put("aws.dynamodb.endpoint", aws.url());
    props.put("aws.dynamodb.streams.endpoint", aws.url());
    props.put("aws.s3.endpoint", aws.url());
    props.put("aws.s3.path.style.access", "true");
    props.put("aws.tagging.endpoint", aws.url());
    props.put("export.s3.bucket", "exports");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      props.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    props.values().removeIf(String::isEmpty);
    assertThat(ConnectorConfig.problems(props)).isEmpty();
    return props;
  }

  private PreflightReport report(String... keysAndValues) {
    return Preflight.report(props(keysAndValues));
  }

  @Test
  void howManyTablesMatchIsShownAndEachIsChecked() {
    list(List.of("orders-eu", "orders-us", "users"));
    PreflightReport report = report();
    assertThat(report.problems()).isEmpty();
    assertThat(report.notes())
        .containsExactly(Map.entry("tables.include", List.of("2 tables match now")));
    assertThat(aws.asked())
        .containsExactlyInAnyOrder(
            "ListTables",
            "DescribeTable",
            "DescribeTable",
            "DescribeContinuousBackups",
            "DescribeContinuousBackups",
            "DescribeExport",
            "DescribeExport",
            "DescribeStream",
            "DescribeStream",
            "GetShardIterator",
            "GetShardIterator",
            "GetRecords",
            "GetRecords",
            "HeadBucket",
            "GetObject");
  }

  @Test
  void tagsAreAskedForWithTheTaggingApi() {
    aws.change(
        "GetResources",
        good ->
            Answer.of(
                200,
                "{\"ResourceTagMappingList\":[{\"ResourceARN\":\"arn:aws:dynamodb:eu-west-1:123456789012:table/users\"}]}"));
    PreflightReport report = report("tables.include", "", "tables.tags", "cdc");
    assertThat(report.problems()).isEmpty();
    assertThat(report.notes()).containsEntry("tables.tags", List.of("1 table matches now"));
    assertThat(aws.asked()).contains("GetResources").doesNotContain("ListTables");
  }

  @Test
  void noMatchIsNoProblemAndTheBucketIsCheckedAllTheSame() {
    PreflightReport report = report();
    assertThat(aws.asked()).containsExactly("ListTables", "HeadBucket", "GetObject");
    assertThat(report.problems()).isEmpty();
    assertThat(report.notes()).containsEntry("tables.include", List.of("no table matches now"));
  }

  @Test
  void whatIsNotReadyIsShownAndRefusesNothing() {
    list(List.of("orders-eu", "orders-us"));
    aws.change(
        "DescribeTable",
        good ->
            good.body().contains("orders-eu")
                ? Answer.of(200, good.body().replace("true", "false"))
                : good);
    aws.say(
        "DescribeContinuousBackups", "RecoveryStatus\":\"ENABLED", "RecoveryStatus\":\"DISABLED");
    PreflightReport report = report();
    assertThat(report.problems()).isEmpty();
    assertThat(report.notes().get("tables.include"))
        .containsExactly(
            "2 tables match now",
            "orders-eu: its stream is not enabled",
            "orders-us: point-in-time recovery is off, which its export needs");
  }

  @Test
  void aBucketThatDependsOnTheTableIsNotGuessed() {
    PreflightReport report =
        report("export.s3.bucket", "", "table.orders-.*.export.s3.bucket", "of-orders");
    assertThat(report.problems()).isEmpty();
    assertThat(aws.asked()).containsExactly("ListTables");
  }

  @Test
  void aTableWhoseTopicIsTakenIsShown() {
    list(List.of("orders-a.b", "orders-a_b"));
    assertThat(report("snapshot.mode", "no_data").notes().get("tables.include"))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("orders-a_b: its topic would be orders-a_b, and the table orders-a.b has");
  }

  @Test
  void moreTablesThanMayBeAreAProblem() {
    list(tables(4));
    PreflightReport report = report("tables.max", "3");
    assertThat(report.problems())
        .containsExactly(
            new ConfigProblem(
                "tables.max",
                "must be 4 or more, as many tables as match tables.include now, is 3"));
    assertThat(report.notes()).containsEntry("tables.include", List.of("4 tables match now"));
    assertThat(aws.asked()).doesNotContain("DescribeTable");
  }

  @Test
  void aRefusalOfTheListingIsAProblemOfItsKey() {
    aws.refuse("ListTables", 400, "AccessDeniedException");
    assertThat(report().problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("tables.include");
              assertThat(problem.message()).contains("Allow dynamodb:ListTables on *");
            });
    aws.refuse("GetResources", 400, "AccessDeniedException");
    assertThat(report("tables.tags", "cdc").problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("tables.tags");
              assertThat(problem.message()).contains("Allow tag:GetResources on *");
            });
  }

  @Test
  void aThrottledListingLeavesItOpen() {
    aws.refuse("ListTables", 400, "ThrottlingException");
    assertThat(report().problems()).isEmpty();
    assertThat(report().notes()).isEmpty();
  }

  @Test
  void aTaggingApiThatIsNotThereIsAProblemOfItsEndpoint() {
    try (DeadEnd deadEnd = DeadEnd.closed()) {
      assertThat(report("tables.tags", "cdc", "aws.tagging.endpoint", deadEnd.url()).problems())
          .extracting(ConfigProblem::key)
          .containsExactly("aws.tagging.endpoint");
    }
  }

  @Test
  void aTableThatMayNotBeDescribedIsAProblem() {
    list(List.of("orders-eu"));
    aws.refuse("DescribeTable", 400, "AccessDeniedException");
    assertThat(report().problems())
        .extracting(ConfigProblem::key)
        .containsExactly("tables.include");
    aws.refuse("DescribeTable", 400, "ResourceNotFoundException");
    assertThat(report().problems()).as("it may be gone since").isEmpty();
  }

  @Test
  void ofManyTablesASampleIsLookedAtInDetail() {
    list(tables(120));
    PreflightReport report = report();
    assertThat(report.problems()).isEmpty();
    assertThat(report.notes().get("tables.include"))
        .containsExactly("120 tables match now", "50 of 120 tables were looked at in detail");
    assertThat(aws.asked()).filteredOn("DescribeTable"::equals).hasSize(120);
    assertThat(aws.asked()).filteredOn("DescribeStream"::equals).hasSize(50);
  }

  @Test
  void ofManyNamedTablesASampleIsLookedAtInDetail() {
    PreflightReport report = report("tables.include", "", "tables", String.join(",", tables(60)));
    assertThat(report.problems()).isEmpty();
    assertThat(report.notes())
        .containsExactly(Map.entry("tables", List.of("50 of 60 tables were looked at in detail")));
    assertThat(aws.asked()).filteredOn("GetRecords"::equals).hasSize(50);
  }

  @Test
  void notesAreRecommendedValuesOfTheirKey() {
    list(List.of("orders-eu"));
    Map<String, String> props = props();
    List<ConfigValue> values = ConnectorConfig.validate(props).configValues();
    Preflight.report(props).showIn(values, props);
    assertThat(values)
        .filteredOn(value -> value.name().equals("tables.include"))
        .singleElement()
        .satisfies(
            value -> {
              assertThat(value.errorMessages()).isEmpty();
              assertThat(value.recommendedValues()).containsExactly("1 table matches now");
            });
  }
}
