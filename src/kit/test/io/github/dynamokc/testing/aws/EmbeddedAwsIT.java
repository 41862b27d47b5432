package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.Eventually;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ExportConflictException;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ExportStatus;
import software.amazon.awssdk.services.dynamodb.model.InvalidExportTimeException;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableNotFoundException;

/** The embedded AWS as the real SDK sees it. */
class EmbeddedAwsIT {
  private static final Duration LONGEST_EXPORT = Duration.ofSeconds(30);

  @TempDir static Path work;
  private static EmbeddedAws aws;

  @BeforeAll
  static void start() {
    aws = EmbeddedAws.start(work);
    aws.buckets().create("exports");
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @AfterEach
  void resetFront() {
    aws.front().clearHooks();
    aws.front().releaseExports();
    aws.front().exportFiles(4);
  }

  @Test
  void anExportHoldsEveryItemOnceAndItsManifestsAreRight() throws IOException {
    String tableArn = newTable("export_all");
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      items.add(Map.of("PK", s("p" + i), "SK", s("s"), "n", n(Integer.toString(i))));
    }
    items.add(
        Map.of(
            "PK",
            s("odd \u2028 \"'` \\ \n\t \ud83d\ude00"),
            "SK",
            s("s"),
            "b",
            AttributeValue.fromB(SdkBytes.fromUtf8String("0000")),
            "big",
            n("99999999999999999999999999999999999999")));
    aws.tables().putAll("export_all", items);

    ExportDescription export = ended(submit(tableArn, "in/some/prefix", "token-all"));

    assertThat(export.exportStatus()).isEqualTo(ExportStatus.COMPLETED);
    assertThat(export.exportArn())
        .matches("arn:aws:dynamodb:[a-z0-9-]+:\\d{12}:table/export_all/export/\\d{14}-[0-9a-f]{8}");
    assertThat(export.itemCount()).isEqualTo(61);
    assertThat(export.exportManifest())
        .startsWith("in/some/prefix/AWSDynamoDB/")
        .endsWith("/manifest-summary.json");
    assertThat(export.tableId()).isEqualTo(aws.tables().describe("export_all").tableId());

    JsonNode summary = json(export.exportManifest());
    assertThat(summary.path("itemCount").asLong()).isEqualTo(61);
    assertThat(summary.path("billedSizeBytes").asLong()).isEqualTo(export.billedSizeBytes());
    assertThat(Instant.parse(summary.path("exportTime").asText())).isEqualTo(export.exportTime());
    List<String> lines = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    String files = text(summary.path("manifestFilesS3Key").asText());
    for (String file : files.split("\n")) {
      JsonNode entry = AwsJson.MAPPER.readTree(file);
      byte[] gzip = aws.buckets().object("exports", entry.path("dataFileS3Key").asText());
      assertThat(DataFile.md5(gzip)).isEqualTo(entry.path("md5Checksum").asText());
      List<String> of = gunzip(gzip);
      assertThat(of).hasSize(entry.path("itemCount").asInt());
      counts.add((long) of.size());
      lines.addAll(of);
    }
    assertThat(counts).hasSize(4).contains(0L).filteredOn(count -> count > 0).hasSize(3);
    assertThat(lines).hasSize(61).allMatch(line -> line.startsWith("{\"Item\":{"));
    assertThat(lines).anyMatch(line -> line.contains("{\"B\":\"MDAwMA==\"}"));
    assertThat(aws.buckets().keys("exports"))
        .anyMatch(key -> key.endsWith(export.exportArn().split("/export/")[1] + "/_started"))
        .anyMatch(key -> key.endsWith("/manifest-files.md5"))
        .anyMatch(key -> key.endsWith("/manifest-summary.md5"));
  }

  @Test
  void theSameTokenGivesTheSameExportAndOtherParametersAConflict() {
    String tableArn = newTable("tokens");
    aws.front().holdExports();

    String first = submit(tableArn, "a", "token-1");

    assertThat(submit(tableArn, "a", "token-1")).isEqualTo(first);
    assertThat(submit(tableArn, "a", "token-2")).isNotEqualTo(first);
    assertThatThrownBy(() -> submit(tableArn, "b", "token-1"))
        .isInstanceOf(ExportConflictException.class);
    assertThat(describe(first).exportStatus()).isEqualTo(ExportStatus.IN_PROGRESS);
    aws.front().releaseExports();
    assertThat(ended(first).exportStatus()).isEqualTo(ExportStatus.COMPLETED);
  }

  @Test
  void anExportIsRefusedAsAwsRefusesIt() {
    String arn =
        aws.tables()
            .createWithoutRecovery("no_pitr", StreamViewType.NEW_IMAGE, KeyAttribute.string("PK"))
            .tableArn();

    assertThat(recoveryStatus("no_pitr")).isEqualTo(PointInTimeRecoveryStatus.DISABLED);
    assertThatThrownBy(() -> submit(arn, "a", "t"))
        .isInstanceOf(PointInTimeRecoveryUnavailableException.class);
    aws.tables().enableRecovery("no_pitr");
    assertThat(recoveryStatus("no_pitr")).isEqualTo(PointInTimeRecoveryStatus.ENABLED);
    assertThatThrownBy(
            () ->
                aws.dynamoDb()
                    .exportTableToPointInTime(
                        request ->
                            request
                                .tableArn(arn)
                                .s3Bucket("exports")
                                .exportTime(Instant.now().plusSeconds(60))))
        .isInstanceOf(InvalidExportTimeException.class);
    assertThatThrownBy(() -> submit(arn + "_not", "a", "t"))
        .isInstanceOf(TableNotFoundException.class);
    assertThatThrownBy(() -> describe(arn + "/export/01-02"))
        .isInstanceOf(ExportNotFoundException.class);
  }

  @Test
  void anExportFailsAsPlannedOrForWantOfABucket() {
    String tableArn = newTable("fails");
    aws.front().failNextExports(1, "S3AccessDenied", "no PutObject");

    ExportDescription planned = ended(submit(tableArn, "a", "fails-1"));
    ExportDescription noBucket =
        ended(
            aws.dynamoDb()
                .exportTableToPointInTime(request -> request.tableArn(tableArn).s3Bucket("nowhere"))
                .exportDescription()
                .exportArn());

    assertThat(planned.exportStatus()).isEqualTo(ExportStatus.FAILED);
    assertThat(planned.failureCode()).isEqualTo("S3AccessDenied");
    assertThat(planned.failureMessage()).isEqualTo("no PutObject");
    assertThat(noBucket.failureCode()).isEqualTo("S3NoSuchBucket");
    var page = aws.dynamoDb().listExports(request -> request.tableArn(tableArn).maxResults(1));
    assertThat(page.exportSummaries()).hasSize(1);
    assertThat(page.nextToken()).isNotNull();
    assertThat(
            aws
                .dynamoDb()
                .listExportsPaginator(request -> request.tableArn(tableArn).maxResults(1))
                .stream()
                .flatMap(next -> next.exportSummaries().stream()))
        .hasSize(2);
  }

  @Test
  void aSyntheticExportReplacesTheItemsOnce() throws IOException {
    String tableArn = newTable("synthetic");
    Instant time = Instant.parse("2023-11-15T03:54:01.123Z");
    String line = "{\"Item\":{\"PK\":{\"S\":\"a\"},\"SK\":{\"S\":\"b\"},\"n\":{\"N\":\"1E+2\"}}}";
    aws.front().putSyntheticExport(tableArn, time, List.of(List.of(line + "\r"), List.of()));

    ExportDescription export = ended(submit(tableArn, "syn", "synthetic-1"));

    assertThat(export.exportTime()).isEqualTo(time);
    String key =
        json(text(json(export.exportManifest()).path("manifestFilesS3Key").asText())
                .split("\n")[0]
                .getBytes(StandardCharsets.UTF_8))
            .path("dataFileS3Key")
            .asText();
    assertThat(
            new GZIPInputStream(new ByteArrayInputStream(aws.buckets().object("exports", key)))
                .readAllBytes())
        .isEqualTo((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    assertThat(ended(submit(tableArn, "syn", "synthetic-2")).itemCount()).isZero();
  }

  @Test
  void noWriteFallsIntoTheMiddleOfAnExport() throws Exception {
    String tableArn = newTable("consistent");
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    CountDownLatch some = new CountDownLatch(50);
    Thread writer =
        new Thread(
            () -> {
              while (!stop.get()) {
                String next = Integer.toString(written.getAndIncrement());
                aws.tables().put("consistent", Map.of("PK", s("p" + next), "SK", s("s")));
                some.countDown();
              }
            });
    writer.start();
    assertThat(some.await(30, TimeUnit.SECONDS)).isTrue();
    String export = submit(tableArn, "consistent", "consistent-1");
    stop.set(true);
    writer.join();

    Set<String> keys = new HashSet<>();
    for (String line : lines(ended(export))) {
      keys.add(AwsJson.MAPPER.readTree(line).path("Item").path("PK").path("S").asText());
    }
    assertThat(keys.size()).isBetween(50, written.get());
    assertThat(keys)
        .isEqualTo(
            IntStream.range(0, keys.size()).mapToObj(i -> "p" + i).collect(Collectors.toSet()));
  }

  @Test
  void aTableKeepsItsIdUntilItIsCreatedAgain() {
    newTable("ids");
    String first = aws.tables().describe("ids").tableId();

    assertThat(aws.tables().describe("ids").tableId()).isEqualTo(first).isNotBlank();
    aws.tables().drop("ids");
    newTable("ids");
    assertThat(aws.tables().describe("ids").tableId()).isNotEqualTo(first);
  }

  @Test
  void aStreamIsReadAcrossARollOver() {
    newTable("rolls");
    aws.tables().put("rolls", Map.of("PK", s("1"), "SK", s("x"), "n", n("1.50")));
    String child = aws.tables().rollOver("rolls");
    aws.tables().delete("rolls", Map.of("PK", s("1"), "SK", s("x")));

    String arn = aws.tables().describe("rolls").latestStreamArn();
    var shards =
        aws.streams()
            .describeStream(request -> request.streamArn(arn))
            .streamDescription()
            .shards();
    assertThat(shards).hasSize(2);
    assertThat(shards.get(1).shardId()).isEqualTo(child);
    assertThat(shards.get(1).parentShardId()).isEqualTo(shards.get(0).shardId());
    assertThat(records(arn, shards.get(0).shardId()))
        .extracting(Record::eventNameAsString)
        .containsExactly("INSERT");
    assertThat(records(arn, child)).extracting(Record::eventNameAsString).containsExactly("REMOVE");
    assertThat(aws.tables().scan("rolls")).isEmpty();
  }

  @Test
  void aScriptedStreamStandsInForARealOne() {
    newTable("scripted");
    newTable("not_scripted");
    aws.tables().put("not_scripted", Map.of("PK", s("1"), "SK", s("real")));
    String arn = aws.tables().describe("scripted").latestStreamArn();
    String otherArn = aws.tables().describe("not_scripted").latestStreamArn();
    ScriptedStreams scripted = new ScriptedStreams(Clock.systemUTC());
    ScriptedStream stream = scripted.create(arn, StreamView.NEW_AND_OLD_IMAGES, "PK", "SK");
    String root = stream.addShard();
    List<String> children = stream.split(root);
    stream.append(
        children.get(1),
        ScriptedChange.remove("{\"PK\":{\"S\":\"1\"},\"SK\":{\"S\":\"s\"}}", null));
    aws.front().onRequest(new ScriptedStreamsProtocol(scripted));

    assertThat(
            aws.streams()
                .describeStream(request -> request.streamArn(arn))
                .streamDescription()
                .shards())
        .hasSize(3);
    assertThat(records(arn, children.get(1)))
        .extracting(Record::eventNameAsString)
        .containsExactly("REMOVE");
    String real =
        aws.streams()
            .describeStream(request -> request.streamArn(otherArn))
            .streamDescription()
            .shards()
            .get(0)
            .shardId();
    assertThat(records(otherArn, real)).hasSize(1);
  }

  @Test
  void aHookAnswersInPlaceOfTheServer() {
    newTable("hooks");
    AtomicInteger calls = new AtomicInteger();
    aws.front()
        .onRequest(
            request ->
                !request.action().equals("DescribeTable")
                    ? Optional.empty()
                    : switch (calls.getAndIncrement()) {
                      case 0 -> Optional.of(AwsResponse.error(500, "InternalServerError", "x"));
                      case 1 -> Optional.of(new AwsResponse.ConnectionClosed());
                      default -> Optional.empty();
                    });

    assertThat(aws.tables().describe("hooks").tableName()).isEqualTo("hooks");
    assertThat(calls).hasValue(3);
    assertThat(aws.front().requests())
        .filteredOn(request -> request.body().path("TableName").asText().equals("hooks"))
        .filteredOn(request -> request.action().equals("DescribeTable"))
        .extracting(LoggedRequest::status)
        .endsWith(500, 0, 200);
  }

  private static String newTable(String name) {
    return aws.tables()
        .create(name, KeyAttribute.string("PK"), KeyAttribute.string("SK"))
        .tableArn();
  }

  private static String submit(String tableArn, String prefix, String token) {
    return aws.dynamoDb()
        .exportTableToPointInTime(
            request ->
                request.tableArn(tableArn).s3Bucket("exports").s3Prefix(prefix).clientToken(token))
        .exportDescription()
        .exportArn();
  }

  private static ExportDescription describe(String arn) {
    return aws.dynamoDb().describeExport(request -> request.exportArn(arn)).exportDescription();
  }

  private static ExportDescription ended(String arn) {
    return Eventually.within(LONGEST_EXPORT, "the end of export " + arn)
        .until(() -> describe(arn), export -> export.exportStatus() != ExportStatus.IN_PROGRESS);
  }

  private static PointInTimeRecoveryStatus recoveryStatus(String table) {
    return aws.dynamoDb()
        .describeContinuousBackups(request -> request.tableName(table))
        .continuousBackupsDescription()
        .pointInTimeRecoveryDescription()
        .pointInTimeRecoveryStatus();
  }

  private static List<Record> records(String streamArn, String shard) {
    String iterator =
        aws.streams()
            .getShardIterator(
                request ->
                    request
                        .streamArn(streamArn)
                        .shardId(shard)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    return aws.streams().getRecords(request -> request.shardIterator(iterator)).records();
  }

  private static List<String> lines(ExportDescription export) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String file :
        text(json(export.exportManifest()).path("manifestFilesS3Key").asText()).split("\n")) {
      String key = AwsJson.MAPPER.readTree(file).path("dataFileS3Key").asText();
      lines.addAll(gunzip(aws.buckets().object("exports", key)));
    }
    return lines;
  }

  private static String text(String key) {
    return new String(aws.buckets().object("exports", key), StandardCharsets.UTF_8);
  }

  private static JsonNode json(String key) throws IOException {
    return json(aws.buckets().object("exports", key));
  }

  private static JsonNode json(byte[] bytes) throws IOException {
    return AwsJson.MAPPER.readTree(bytes);
  }

  private static List<String> gunzip(byte[] gzip) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(gzip)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue n(String number) {
    return AttributeValue.fromN(number);
  }
}
