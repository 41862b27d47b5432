package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The IAM policies are ones that IAM takes, as far as can be told, and fit each other. */
class IamPoliciesTest {
  private static final Path DIRECTORY = Path.of("config", "iam");

  /** Which policies say whom they are for, as they belong to a role or bucket. */
  private static final Set<String> OF_RESOURCES =
      Set.of("cross-account-role-trust.json", "export-bucket-in-another-account.json");

  /** Actions, and what the resource that they are about looks like. */
  private static final Map<String, String> ACTIONS =
      Map.ofEntries(
          Map.entry("dynamodb:ListTables", "\\*"),
          Map.entry("tag:GetResources", "\\*"),
          Map.entry("dynamodb:DescribeTable", dynamoDb("")),
          Map.entry("dynamodb:DescribeContinuousBackups", dynamoDb("")),
          Map.entry("dynamodb:ExportTableToPointInTime", dynamoDb("")),
          Map.entry("dynamodb:DescribeExport", dynamoDb("/export/\\*")),
          Map.entry("dynamodb:DescribeStream", dynamoDb("/stream/\\*")),
          Map.entry("dynamodb:GetShardIterator", dynamoDb("/stream/\\*")),
          Map.entry("dynamodb:GetRecords", dynamoDb("/stream/\\*")),
          Map.entry("s3:ListBucket", "arn:aws:s3:::[a-z0-9.-]+"),
          Map.entry("s3:GetObject", "arn:aws:s3:::[a-z0-9.-]+/.+\\*"),
          Map.entry("s3:PutObject", "arn:aws:s3:::[a-z0-9.-]+/.+\\*"),
          Map.entry("s3:PutObjectAcl", "arn:aws:s3:::[a-z0-9.-]+/.+\\*"),
          Map.entry("s3:AbortMultipartUpload", "arn:aws:s3:::[a-z0-9.-]+/.+\\*"),
          Map.entry("kms:GenerateDataKey", "arn:aws:kms:[a-z0-9-]+:\\d{12}:key/[0-9a-f-]{36}"),
          Map.entry("kms:Decrypt", "arn:aws:kms:[a-z0-9-]+:\\d{12}:key/[0-9a-f-]{36}"),
          Map.entry("sts:AssumeRole", "arn:aws:iam::\\d{12}:role/[\\w+=,.@-]+"));

  private static String dynamoDb(String after) {
    return "arn:aws:dynamodb:[a-z0-9-]+:\\d{12}:table/[a-zA-Z0-9_.-]+" + after;
  }

  static Stream<Path> policies() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aPolicyIsOfTheGrammarOfIam(Path file) throws IOException {
    JsonNode policy = new ObjectMapper().readTree(file.toFile());
    assertThat(names(policy)).containsExactlyInAnyOrder("Version", "Statement");
    assertThat(policy.path("Version").asText()).isEqualTo("2012-10-17");
    assertThat(policy.path("Statement")).isNotEmpty();
    Set<String> ids = new HashSet<>();
    for (JsonNode statement : policy.path("Statement")) {
      assertThat(statement.path("Sid").asText()).matches("[A-Za-z0-9]+");
      assertThat(ids.add(statement.path("Sid").asText())).isTrue();
      assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
      assertStatement(statement, file.getFileName().toString());
    }
  }

  private static void assertStatement(JsonNode statement, String file) {
    Set<String> fields = new TreeSet<>(Set.of("Sid", "Effect", "Action"));
    boolean trust = file.equals("cross-account-role-trust.json");
    if (!trust) {
      fields.add("Resource");
    }
    if (OF_RESOURCES.contains(file)) {
      fields.add("Principal");
      assertThat(names(statement.path("Principal"))).containsExactly("AWS");
      assertThat(statement.at("/Principal/AWS").asText()).matches(ACTIONS.get("sts:AssumeRole"));
    }
    if (statement.has("Condition")) {
      fields.add("Condition");
      assertThat(names(statement.path("Condition"))).containsExactly("StringEquals");
      assertThat(statement.at("/Condition/StringEquals")).hasSize(1);
    }
    assertThat(names(statement)).isEqualTo(fields);
    assertThat(texts(statement.path("Action"))).isNotEmpty().doesNotHaveDuplicates();
    for (String action : texts(statement.path("Action"))) {
      assertThat(ACTIONS).containsKey(action);
      assertThat(texts(statement.path("Resource"))).allMatch(r -> r.matches(ACTIONS.get(action)));
    }
    assertThat(texts(statement.path("Resource")).isEmpty()).isEqualTo(trust);
  }

  @Test
  void eachPolicyOfAResourceIsThere() throws IOException {
    assertThat(policies().map(file -> file.getFileName().toString()))
        .containsAll(OF_RESOURCES)
        .contains("snapshot-and-stream.json", "snapshot-only.json", "stream-only.json")
        .contains("kms.json", "discovery.json");
  }

  @Test
  void theWholePolicyIsThatOfSnapshotPlusThatOfStream() throws IOException {
    Set<String> both = allowed("snapshot-and-stream.json");
    Set<String> apart = allowed("snapshot-only.json");
    apart.addAll(allowed("stream-only.json"));

    assertThat(apart).isEqualTo(both);
  }

  @Test
  void thePoliciesOfTwoAccountsFitEachOtherAndTheSample() throws IOException {
    JsonNode connector =
        read(Path.of("config", "connectors", "assume-role-in-another-account.json"));
    String role = connector.path("aws.sts.role.arn").asText();
    JsonNode worker = statement("cross-account-worker.json", 0);
    JsonNode trust = statement("cross-account-role-trust.json", 0);

    assertThat(worker.path("Resource").asText()).isEqualTo(role);
    assertThat(trust.at("/Condition/StringEquals/sts:ExternalId").asText())
        .isEqualTo(connector.path("aws.sts.external.id").asText());
    assertThat(trust.at("/Principal/AWS").asText())
        .as("the worker is of the account that the bucket is of")
        .contains("::" + connector.path("export.s3.bucket.owner").asText() + ":");
    for (JsonNode bucket :
        read(DIRECTORY.resolve("export-bucket-in-another-account.json")).path("Statement")) {
      assertThat(bucket.at("/Principal/AWS").asText()).isEqualTo(role);
    }
    assertThat(allowed("export-bucket-in-another-account.json"))
        .as("what the role's own policy allows in the bucket, its owner must allow as well")
        .isEqualTo(
            new TreeSet<>(
                allowed("snapshot-only.json").stream().filter(a -> a.startsWith("s3:")).toList()));
    assertThat(allowed("export-bucket-in-another-account.json"))
        .contains(
            "s3:GetObject on arn:aws:s3:::%s/%s/*"
                .formatted(
                    connector.path("export.s3.bucket").asText(),
                    connector.path("export.s3.prefix").asText()));
  }

  @Test
  void theKmsKeyIsUsedOnlyThroughS3OfItsRegion() throws IOException {
    JsonNode kms = statement("kms.json", 0);
    String region = kms.path("Resource").asText().split(":")[3];

    assertThat(kms.at("/Condition/StringEquals/kms:ViaService").asText())
        .isEqualTo("s3." + region + ".amazonaws.com");
    assertThat(texts(kms.path("Action")))
        .containsExactlyInAnyOrder("kms:GenerateDataKey", "kms:Decrypt");
  }

  @Test
  void thePageOnIamHasEachPolicy() throws IOException {
    String page = Files.readString(Path.of("src", "main", "doc", "iam.md"));

    assertThat(policies().map(file -> "| `" + file.getFileName() + "` |"))
        .allSatisfy(file -> assertThat(page).contains(file));
  }

  /** Each action with each resource. */
  private static Set<String> allowed(String file) throws IOException {
    Set<String> allowed = new TreeSet<>();
    for (JsonNode statement : read(DIRECTORY.resolve(file)).path("Statement")) {
      for (String action : texts(statement.path("Action"))) {
        texts(statement.path("Resource")).forEach(r -> allowed.add(action + " on " + r));
      }
    }
    return allowed;
  }

  private static JsonNode statement(String file, int index) throws IOException {
    return read(DIRECTORY.resolve(file)).path("Statement").path(index);
  }

  private static JsonNode read(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode oneOrMore) {
    List<String> texts = new ArrayList<>();
    if (oneOrMore.isTextual()) {
      texts.add(oneOrMore.asText());
    }
    oneOrMore.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
