package io.github.dynamokc.testing.aws;

import static io.github.dynamokc.testing.aws.KeyAttribute.number;
import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.ScriptedTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ExportConflictException;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportStatus;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.ExportViewType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Incremental exports of tables of DynamoDB Local, as a client sees them. */
class IncrementalExportIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ExportViewType BOTH = ExportViewType.NEW_AND_OLD_IMAGES;

  @TempDir static Path work;
  private static EmbeddedAws aws;
  private static Exports exports;

  @BeforeAll
  static void start() {
    aws = EmbeddedAws.start(work);
    exports = new Exports(aws, aws.buckets().create("increments"));
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @Test
  void descriptionAndManifestsAreAsAwsWritesThem() {
    String arn = newTable("shape");
    for (int i = 0; i < 40; i++) {
      aws.tables().put("shape", item("k" + i, 0));
    }
    Instant from = boundary();
    for (int i = 0; i < 20; i++) {
      aws.tables().put("shape", item("k" + i, 1));
    }
    Instant to = boundary();

    ExportDescription export = exports.take(arn, from, to, BOTH);

    assertThat(export.exportStatus()).isEqualTo(ExportStatus.COMPLETED);
    assertThat(export.exportType()).isEqualTo(ExportType.INCREMENTAL_EXPORT);
    assertThat(export.exportTime()).isNull();
    assertThat(export.incrementalExportSpecification().exportFromTime()).isEqualTo(from);
    assertThat(export.incrementalExportSpecification().exportToTime()).isEqualTo(to);
    assertThat(export.incrementalExportSpecification().exportViewType()).isEqualTo(BOTH);
    assertThat(export.itemCount()).isEqualTo(20);
    assertThat(export.billedSizeBytes()).isEqualTo(10 << 20);
    assertThat(
            aws.dynamoDb().listExports(request -> request.tableArn(arn)).exportSummaries().get(0))
        .extracting("exportType")
        .isEqualTo("INCREMENTAL_EXPORT");
    JsonNode summary = exports.summary(export);
    assertThat(summary.path("exportType").asText()).isEqualTo("INCREMENTAL_EXPORT");
    assertThat(Instant.parse(summary.path("exportFromTime").asText())).isEqualTo(from);
    assertThat(Instant.parse(summary.path("exportToTime").asText())).isEqualTo(to);
    assertThat(summary.path("outputView").asText()).isEqualTo("NEW_AND_OLD_IMAGES");
    assertThat(summary.path("itemCount").asInt()).isEqualTo(20);
    assertThat(summary.has("exportTime")).isFalse();
    assertThat(exports.files(export))
        .hasSize(4)
        .allMatch(
            file ->
                file.path("dataFileS3Key").asText().matches("AWSDynamoDB/data/[a-z2-7]+.json.gz"))
        .anyMatch(file -> file.path("itemCount").asInt() == 0);
    assertThat(exports.lines(export))
        .hasSize(20)
        .allMatch(
            line ->
                line.path("OldImage").path("n").path("N").asText().equals("0")
                    && line.path("NewImage").path("n").path("N").asText().equals("1"));
  }

  /** Whatever writes, and whether a stream has it or not. */
  @Test
  void everyKindOfWriteIsInIt() {
    String arn = newTable("kinds");
    put("kinds", "put", "update", "delete", "batch", "transact", "insertless", "partiql", "undone");
    Instant from = boundary();
    aws.tables().disableStream("kinds");
    aws.tables().put("kinds", item("put", 1));
    aws.dynamoDb()
        .updateItem(
            request ->
                request
                    .tableName("kinds")
                    .key(key("update"))
                    .updateExpression("SET n = :n")
                    .expressionAttributeValues(Map.of(":n", n(1))));
    aws.tables().delete("kinds", key("delete"));
    aws.tables().delete("kinds", key("never was"));
    aws.tables().put("kinds", item("insertless", 0));
    aws.tables().putAll("kinds", List.of(item("batch", 1), item("inserted", 1)));
    aws.dynamoDb()
        .transactWriteItems(
            request ->
                request.transactItems(putIn("kinds", "transact"), putIn("kinds", "transact too")));
    assertThatThrownBy(
            () ->
                aws.dynamoDb()
                    .transactWriteItems(
                        request ->
                            request.transactItems(
                                putIn("kinds", "undone"),
                                TransactWriteItem.builder()
                                    .conditionCheck(
                                        check ->
                                            check
                                                .tableName("kinds")
                                                .key(key("never was"))
                                                .conditionExpression("attribute_exists(pk)"))
                                    .build())))
        .isInstanceOf(TransactionCanceledException.class);
    statement("UPDATE kinds SET n=1 WHERE pk='partiql' AND sk=7");
    statement("INSERT INTO kinds VALUE {'pk':'partiql too','sk':7,'n':1}");
    aws.tables().enableStream("kinds", StreamViewType.KEYS_ONLY);
    Instant to = boundary();

    assertThat(changes(exports.take(arn, from, to, BOTH)))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("put", "0>1"),
                Map.entry("update", "0>1"),
                Map.entry("delete", "0>-"),
                Map.entry("batch", "0>1"),
                Map.entry("inserted", "->1"),
                Map.entry("transact", "0>1"),
                Map.entry("transact too", "->1"),
                Map.entry("partiql", "0>1"),
                Map.entry("partiql too", "->1")));
  }

  /** DynamoDB Local has a lock of its own around transactions, whatever tables they are of. */
  @Test
  void writesBesideTransactionsAreAllInIt() throws Exception {
    String arn = newTable("beside");
    newTable("another");
    Instant from = boundary();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Callable<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String own = "w" + i + "-";
      writers.add(
          () -> {
            for (int n = 0; n < 40; n++) {
              TransactWriteItem shared = putIn("beside", "shared" + n % 5);
              aws.tables().put("beside", item(own + n, 0));
              aws.tables().put("beside", item("shared" + n % 5, n));
              aws.tables().put("another", item(own + n, 0));
              try {
                aws.dynamoDb()
                    .transactWriteItems(
                        request -> request.transactItems(shared, putIn("beside", own + "t")));
              } catch (TransactionCanceledException e) {
                // Another one was first: nothing of this one is in the table.
              }
            }
            return null;
          });
    }
    for (Future<Void> writer : threads.invokeAll(writers, 60, TimeUnit.SECONDS)) {
      writer.get();
    }
    threads.shutdown();
    Map<String, String> table = new HashMap<>();
    aws.tables()
        .scan("beside")
        .forEach(item -> table.put(item.get("pk").s(), "->" + item.get("n").n()));
    Instant to = boundary();

    assertThat(table).hasSizeGreaterThan(160);
    assertThat(changes(exports.take(arn, from, to, BOTH))).isEqualTo(table);
  }

  @Test
  void deletionsByTimeToLiveAreInIt() {
    String arn = newTable("ttl");
    aws.dynamoDb()
        .updateTimeToLive(
            request ->
                request
                    .tableName("ttl")
                    .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("end")));
    Map<String, AttributeValue> item = new HashMap<>(item("mortal", 0));
    item.put("end", n(aws.time().instant().plus(HOUR).getEpochSecond()));
    aws.tables().put("ttl", item);
    Instant from = boundary();
    aws.time().advance(HOUR.multipliedBy(2));
    Eventually.within(PATIENCE, "the end of the item")
        .until(() -> aws.tables().scan("ttl"), List::isEmpty);
    Instant to = boundary();

    assertThat(changes(exports.take(arn, from, to, BOTH))).isEqualTo(Map.of("mortal", "0>-"));
  }

  @Test
  void whatTheStreamHasForgottenIsInIt() {
    String arn = newTable("forgotten");
    Instant from = boundary();
    put("forgotten", "a");
    Instant middle = boundary();
    aws.time().advance(Duration.ofHours(20));
    aws.tables().put("forgotten", item("a", 1));
    Instant to = boundary();
    aws.time().advance(Duration.ofDays(20));

    assertThat(aws.tables().changes("forgotten")).isEmpty();
    assertThat(changes(exports.take(arn, from, middle, BOTH))).isEqualTo(Map.of("a", "->0"));
    assertThat(changes(exports.take(arn, middle, to, BOTH))).isEqualTo(Map.of("a", "0>1"));
  }

  @Test
  void ofANewTableOfTheNameItHoldsNothingOfTheOldOne() {
    newTable("again");
    put("again", "old", "both");
    aws.tables().drop("again");
    String arn = newTable("again");
    Instant from = boundary();
    put("again", "new", "both");
    Instant to = boundary();

    assertThat(changes(exports.take(arn, from, to, BOTH)))
        .isEqualTo(Map.of("new", "->0", "both", "->0"));
  }

  @Test
  void ofAScriptedTableItHoldsTheScript() {
    ScriptedTable table = ScriptedTable.create(aws, "scripted", string("pk"), number("sk"));
    table.append(ScriptedChange.insert(scriptedKey("a"), "{\"n\":{\"N\":\"0\"}}"));
    Instant from = boundary();
    table.append(
        ScriptedChange.modify(
            scriptedKey("a"), "{\"n\":{\"N\":\"0\"}}", "{\"n\":{\"N\":\"1E+2\"}}"));
    table.writeUnseen(ScriptedChange.remove(scriptedKey("b"), "{\"n\":{\"N\":\"5\"}}"));
    Instant to = boundary();
    aws.time().advance(Duration.ofHours(30));

    assertThat(aws.tables().changes("scripted")).as("what the stream has").isEmpty();
    assertThat(changes(exports.take(table.arn(), from, to, BOTH)))
        .isEqualTo(Map.of("a", "0>1E+2", "b", "5>-"));
    aws.front().clearHooks();
  }

  private static String scriptedKey(String key) {
    return "{\"pk\":{\"S\":\"" + key + "\"},\"sk\":{\"N\":\"7\"}}";
  }

  @Test
  void imagesHaveAllTypesAsAFullExportHasThem() {
    String arn = newTable("types");
    Instant from = boundary();
    Map<String, AttributeValue> item = new HashMap<>(item("odd \u2028 \"'` \\ \n \ud83d\ude00", 0));
    item.put("n", AttributeValue.fromN("99999999999999999999999999999999999999"));
    item.put("small", AttributeValue.fromN("-1E-130"));
    item.put("b", AttributeValue.fromB(SdkBytes.fromUtf8String("\0\1bytes")));
    item.put("t", AttributeValue.fromBool(true));
    item.put("f", AttributeValue.fromBool(false));
    item.put("null", AttributeValue.fromNul(true));
    item.put("ss", AttributeValue.fromSs(List.of("x", "y")));
    item.put("ns", AttributeValue.fromNs(List.of("1", "2.5")));
    item.put("bs", AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("z"))));
    item.put("empty", AttributeValue.fromS(""));
    item.put("no map", AttributeValue.fromM(Map.of()));
    item.put("no list", AttributeValue.fromL(List.of()));
    item.put(
        "deep",
        AttributeValue.fromL(List.of(AttributeValue.fromM(Map.of("k", n(1))), item.get("ss"))));
    aws.tables().put("types", item);
    Instant to = boundary();

    ExportDescription full =
        exports.ended(
            aws.dynamoDb()
                .exportTableToPointInTime(request -> request.tableArn(arn).s3Bucket("increments"))
                .exportDescription()
                .exportArn());

    List<JsonNode> lines = exports.lines(exports.take(arn, from, to, BOTH));
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).path("NewImage")).hasSize(item.size());
    assertThat(lines.get(0).path("NewImage")).isEqualTo(exports.lines(full).get(0).path("Item"));
  }

  @Test
  void theSameTokenGivesTheSameExportAndOthersAConflict() {
    String arn = newTable("tokens");
    Instant from = boundary();
    Instant to = boundary();
    aws.front().holdExports();

    String first = submit(arn, from, to, "token");

    assertThat(submit(arn, from, to, "token")).isEqualTo(first);
    assertThat(submit(arn, from, to, "another")).isNotEqualTo(first);
    assertThatThrownBy(() -> submit(arn, from.plusSeconds(1), to, "token"))
        .isInstanceOf(ExportConflictException.class);
    assertThat(exports.describe(first).exportStatus()).isEqualTo(ExportStatus.IN_PROGRESS);
    aws.front().failNextExports(1, "S3AccessDenied", "no PutObject");
    aws.front().releaseExports();
    assertThat(exports.ended(first).failureCode()).isEqualTo("S3AccessDenied");
  }

  private static String submit(String arn, Instant from, Instant to, String token) {
    return aws.dynamoDb()
        .exportTableToPointInTime(
            request ->
                request
                    .tableArn(arn)
                    .s3Bucket("increments")
                    .clientToken(token)
                    .exportType(ExportType.INCREMENTAL_EXPORT)
                    .incrementalExportSpecification(
                        window -> window.exportFromTime(from).exportToTime(to)))
        .exportDescription()
        .exportArn();
  }

  /** A whole second that is now, with an hour on either side of it that nothing falls into. */
  private static Instant boundary() {
    aws.time().advance(HOUR);
    Instant boundary = aws.time().instant().truncatedTo(ChronoUnit.SECONDS);
    aws.time().advance(HOUR);
    return boundary;
  }

  private static String newTable(String name) {
    return aws.tables().create(name, string("pk"), number("sk")).tableArn();
  }

  private static void put(String table, String... keys) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    for (String key : keys) {
      items.add(item(key, 0));
    }
    aws.tables().putAll(table, items);
  }

  private static TransactWriteItem putIn(String table, String key) {
    return TransactWriteItem.builder().put(put -> put.tableName(table).item(item(key, 1))).build();
  }

  private static void statement(String text) {
    aws.dynamoDb().executeStatement(request -> request.statement(text));
  }

  private static Map<String, AttributeValue> key(String key) {
    return Map.of("pk", AttributeValue.fromS(key), "sk", n(7));
  }

  private static Map<String, AttributeValue> item(String key, int value) {
    Map<String, AttributeValue> item = new HashMap<>(key(key));
    item.put("n", n(value));
    return item;
  }

  private static AttributeValue n(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  /** By partition key, the number before and after; none is a dash. */
  private static Map<String, String> changes(ExportDescription export) {
    Map<String, String> changes = new HashMap<>();
    for (JsonNode line : exports.lines(export)) {
      String before =
          changes.put(
              line.path("Keys").path("pk").path("S").asText(),
              line.path("OldImage").path("n").path("N").asText("-")
                  + ">"
                  + line.path("NewImage").path("n").path("N").asText("-"));
      assertThat(before).as("a second line of an item").isNull();
    }
    return changes;
  }
}
