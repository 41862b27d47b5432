package io.github.dynamokc.testing.aws;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.Eventually;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;

/** Hours pass at once for all that goes by the time of an embedded AWS. */
class MovedTimeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Streams of DynamoDB Local date their records by the minute. */
  private static final Duration COARSE = Duration.ofSeconds(75);

  @TempDir static Path work;
  private static EmbeddedAws aws;

  @BeforeAll
  static void start() {
    aws = EmbeddedAws.start(work);
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @Test
  void aStreamForgetsWhatIsOlderThanADay() {
    String stream = newTable("forgets");
    put("forgets", "read");
    put("forgets", "unread");
    String first = shards(stream).get(0).shardId();
    String sequence = records(stream, first).get(0).dynamodb().sequenceNumber();
    assertThat(records(stream, first)).hasSize(2);

    aws.time().advance(Duration.ofHours(13));
    aws.tables().rollOver("forgets");
    aws.time().advance(Duration.ofHours(12));
    put("forgets", "new");

    assertThat(shards(stream)).extracting(Shard::shardId).contains(first);
    assertThat(records(stream, first)).isEmpty();
    assertThat(shards(stream).stream().flatMap(shard -> records(stream, shard.shardId()).stream()))
        .extracting(record -> record.dynamodb().keys().get("pk").s())
        .containsExactly("new");
    assertThatThrownBy(
            () ->
                recordsAt(
                    iterator(stream, first, ShardIteratorType.AFTER_SEQUENCE_NUMBER, sequence)))
        .isInstanceOf(TrimmedDataAccessException.class);
    aws.time().advance(Duration.ofHours(13));
    assertThat(shards(stream)).extracting(Shard::shardId).doesNotContain(first);
    assertThatThrownBy(() -> iterator(stream, first, ShardIteratorType.TRIM_HORIZON, null))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void aStreamThatWasDisabledADayAgoIsForgotten() {
    String stream = newTable("disabled");
    put("disabled", "a");
    aws.tables().disableStream("disabled");
    aws.time().advance(Duration.ofHours(23));
    assertThat(shards(stream)).hasSize(1);

    aws.time().advance(Duration.ofHours(2));

    assertThatThrownBy(() -> shards(stream)).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void changesBeforeAndAfterAreDatedAsTheyWereMade() {
    String stream = newTable("dates");
    Instant before = aws.time().instant();
    put("dates", "before");
    aws.time().advance(Duration.ofHours(5));
    Instant after = aws.time().instant();
    put("dates", "after");

    List<Record> records =
        shards(stream).stream()
            .flatMap(shard -> records(stream, shard.shardId()).stream())
            .toList();

    assertThat(records).hasSize(2);
    assertThat(records.get(0).dynamodb().approximateCreationDateTime())
        .isBetween(before.minus(COARSE), before.plus(COARSE));
    assertThat(records.get(1).dynamodb().approximateCreationDateTime())
        .isBetween(after.minus(COARSE), after.plus(COARSE));
    assertThat(Duration.between(before, aws.tables().describe("dates").creationDateTime()).abs())
        .isLessThan(COARSE);
  }

  @Test
  void anIteratorExpires() {
    String stream = newTable("expires");
    String shard = shards(stream).get(0).shardId();
    String iterator = iterator(stream, shard, ShardIteratorType.TRIM_HORIZON, null);
    aws.streams().getRecords(request -> request.shardIterator(iterator));

    aws.time().advance(Duration.ofMinutes(16));

    assertThatThrownBy(() -> aws.streams().getRecords(request -> request.shardIterator(iterator)))
        .isInstanceOf(ExpiredIteratorException.class);
  }

  @Test
  void itemsReachTheirTimeToLive() {
    newTable("lives");
    aws.dynamoDb()
        .updateTimeToLive(
            request ->
                request
                    .tableName("lives")
                    .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("ttl")));
    long end = aws.time().instant().plus(Duration.ofHours(3)).getEpochSecond();
    aws.tables()
        .put("lives", Map.of("pk", s("a"), "ttl", AttributeValue.fromN(Long.toString(end))));

    aws.time().advance(Duration.ofHours(4));

    Eventually.within(PATIENCE, "the end of the item")
        .until(() -> aws.tables().scan("lives"), List::isEmpty);
  }

  @Test
  void answersAndRecoveryHaveTheMovedTime() throws Exception {
    newTable("recovery");
    Instant enabled = aws.time().instant();

    control("{\"ACTION\":{\"S\":\"ADVANCE_TIME\"},\"SECONDS\":{\"S\":\"90000\"}}");

    Instant now = Instant.now().plus(Duration.between(Instant.now(), aws.time().instant()));
    assertThat(now).isAfter(enabled.plus(Duration.ofHours(25)));
    var recovery =
        aws.dynamoDb()
            .describeContinuousBackups(request -> request.tableName("recovery"))
            .continuousBackupsDescription()
            .pointInTimeRecoveryDescription();
    assertThat(recovery.latestRestorableDateTime())
        .isBetween(now.minusSeconds(1), now.plus(COARSE));
    assertThat(recovery.earliestRestorableDateTime())
        .isBetween(enabled.minus(COARSE), enabled.plusSeconds(1));
    Instant dated = date(control("{\"ACTION\":{\"S\":\"ROLLOVER\"}}"));
    assertThat(dated).isBetween(now.minusSeconds(2), now.plus(COARSE));
    aws.time().advance(Duration.ofDays(40));
    assertThat(
            aws.dynamoDb()
                .describeContinuousBackups(request -> request.tableName("recovery"))
                .continuousBackupsDescription()
                .pointInTimeRecoveryDescription()
                .earliestRestorableDateTime())
        .isAfter(enabled.plus(Duration.ofDays(4)));
  }

  @Test
  void whatMovesTheStreamsAloneIsRefused() {
    assertThatThrownBy(
            () ->
                aws.dynamoDb()
                    .putItem(
                        request ->
                            request
                                .tableName(TestControl.TABLE)
                                .item(Map.of("ACTION", s("DILATE_TIME"), "HOURS", s("25")))))
        .isInstanceOf(DynamoDbException.class)
        .hasMessageContaining("ADVANCE_TIME and SECONDS");
    assertThatThrownBy(() -> aws.time().advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static HttpResponse<String> control(String item) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(aws.dynamoDbEndpoint())
                    .header("x-amz-target", "DynamoDB_20120810.PutItem")
                    .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=a/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"TableName\":\"[TEST_CONTROL]\",\"Item\":" + item + "}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }

  private static Instant date(HttpResponse<String> response) {
    return ZonedDateTime.parse(
            response.headers().firstValue("date").orElseThrow(),
            DateTimeFormatter.RFC_1123_DATE_TIME)
        .toInstant();
  }

  private static String newTable(String name) {
    return aws.tables().create(name, string("pk")).latestStreamArn();
  }

  private static void put(String table, String key) {
    aws.tables().put(table, Map.of("pk", s(key)));
  }

  private static List<Shard> shards(String stream) {
    return aws.streams()
        .describeStream(request -> request.streamArn(stream))
        .streamDescription()
        .shards();
  }

  private static String iterator(
      String stream, String shard, ShardIteratorType type, String sequence) {
    return aws.streams()
        .getShardIterator(
            request ->
                request
                    .streamArn(stream)
                    .shardId(shard)
                    .shardIteratorType(type)
                    .sequenceNumber(sequence))
        .shardIterator();
  }

  private static List<Record> records(String stream, String shard) {
    return recordsAt(iterator(stream, shard, ShardIteratorType.TRIM_HORIZON, null));
  }

  private static List<Record> recordsAt(String iterator) {
    return aws.streams().getRecords(request -> request.shardIterator(iterator)).records();
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }
}
