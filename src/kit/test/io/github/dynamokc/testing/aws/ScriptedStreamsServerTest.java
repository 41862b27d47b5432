package io.github.dynamokc.testing.aws;

import static io.github.dynamokc.testing.aws.StreamOperation.DESCRIBE_STREAM;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_RECORDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.LimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardFilterType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** The scripted streams as the real SDK sees them. */
class ScriptedStreamsServerTest {
  private final ScriptedStreams streams =
      new ScriptedStreams(Clock.fixed(Instant.ofEpochSecond(1_699_336_310L), ZoneOffset.UTC));
  private final ScriptedStream stream = streams.create("t", "2023-11-15", "PK", "SK");
  private final ScriptedStreamsServer server = new ScriptedStreamsServer(streams);
  private final DynamoDbStreamsClient client =
      DynamoDbStreamsClient.builder()
          .endpointOverride(server.endpoint())
          .region(Region.US_EAST_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
          .httpClientBuilder(Apache5HttpClient.builder())
          .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
          .build();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void aRecordArrivesAsScripted() {
    String shard = stream.addShard();
    stream.append(
        shard,
        ScriptedChange.modify(
                "{\"PK\":{\"S\":\"a\\u2028\\\"\"},\"SK\":{\"N\":\"420E-1\"}}",
                "{\"b\":{\"B\":\"MDAwMA==\"}}",
                "{\"z\":{\"N\":\"1E+2\"},\"a\":{\"NULL\":true}}")
            .at(1_699_336_309L)
            .withEventId("id-1"));
    String number =
        stream.append(
            shard,
            ScriptedChange.remove("{\"PK\":{\"S\":\"a\"}}", null).by(UserIdentity.timeToLive()));
    stream.close(shard);

    GetRecordsResponse page = records(trimHorizon(shard));

    assertThat(page.nextShardIterator()).isNull();
    Record modified = page.records().get(0);
    assertThat(modified.eventID()).isEqualTo("id-1");
    assertThat(modified.eventNameAsString()).isEqualTo("MODIFY");
    assertThat(modified.userIdentity()).isNull();
    assertThat(modified.dynamodb().approximateCreationDateTime())
        .isEqualTo(Instant.ofEpochSecond(1_699_336_309L));
    assertThat(modified.dynamodb().keys())
        .containsEntry("PK", AttributeValue.fromS("a\u2028\""))
        .containsEntry("SK", AttributeValue.fromN("420E-1"));
    assertThat(modified.dynamodb().newImage().keySet()).containsExactly("z", "a");
    assertThat(modified.dynamodb().newImage().get("z").n()).isEqualTo("1E+2");
    assertThat(modified.dynamodb().oldImage().get("b").b().asUtf8String()).isEqualTo("0000");
    assertThat(modified.dynamodb().streamViewType()).isEqualTo(StreamViewType.NEW_AND_OLD_IMAGES);
    Record removed = page.records().get(1);
    assertThat(removed.dynamodb().sequenceNumber()).isEqualTo(number).hasSize(21);
    assertThat(removed.dynamodb().hasNewImage()).isFalse();
    assertThat(removed.userIdentity().principalId()).isEqualTo("dynamodb.amazonaws.com");
    assertThat(removed.userIdentity().type()).isEqualTo("Service");
  }

  @Test
  void aStreamIsDescribedInPagesAndByParent() {
    stream.addShard("001", null);
    stream.split("001", "002", "003");

    StreamDescription page =
        client
            .describeStream(request -> request.streamArn(stream.arn()).limit(2))
            .streamDescription();
    assertThat(page.streamStatus()).isEqualTo(StreamStatus.ENABLED);
    assertThat(page.tableName()).isEqualTo("t");
    assertThat(page.keySchema()).hasSize(2);
    assertThat(page.shards()).extracting(Shard::shardId).containsExactly("001", "002");
    assertThat(page.lastEvaluatedShardId()).isEqualTo("002");
    assertThat(page.shards().get(0).sequenceNumberRange().endingSequenceNumber()).isNotNull();
    assertThat(page.shards().get(1).sequenceNumberRange().endingSequenceNumber()).isNull();
    assertThat(
            client
                .describeStream(
                    request ->
                        request
                            .streamArn(stream.arn())
                            .shardFilter(
                                filter -> filter.type(ShardFilterType.CHILD_SHARDS).shardId("001")))
                .streamDescription()
                .shards())
        .extracting(Shard::parentShardId)
        .containsExactly("001", "001");
    assertThat(client.listStreams().streams())
        .singleElement()
        .satisfies(found -> assertThat(found.streamArn()).isEqualTo(stream.arn()));
  }

  @Test
  void errorsHaveTheTypesOfTheSdk() {
    String shard = stream.addShard();
    String number = stream.append(shard, ScriptedChange.insert("{\"PK\":{\"S\":\"a\"}}", "{}"));
    String iterator = trimHorizon(shard);
    stream.trim(shard);

    assertThatThrownBy(() -> records(iterator)).isInstanceOf(TrimmedDataAccessException.class);
    assertThatThrownBy(
            () ->
                client.getShardIterator(
                    request ->
                        request
                            .streamArn(stream.arn())
                            .shardId(shard)
                            .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                            .sequenceNumber(number)))
        .isInstanceOf(TrimmedDataAccessException.class);
    assertThatThrownBy(() -> trimHorizon("no such shard"))
        .isInstanceOf(ResourceNotFoundException.class);
    streams.expireIterators();
    assertThatThrownBy(() -> records(iterator)).isInstanceOf(ExpiredIteratorException.class);
    streams.failNext(DESCRIBE_STREAM, 1, StreamFault.limitExceeded());
    assertThatThrownBy(this::describe).isInstanceOf(LimitExceededException.class);
    streams.failNext(DESCRIBE_STREAM, 1, StreamFault.internalServerError());
    assertThatThrownBy(this::describe).isInstanceOf(InternalServerErrorException.class);
    streams.failNext(DESCRIBE_STREAM, 1, StreamFault.throttled());
    assertThatThrownBy(this::describe)
        .isInstanceOfSatisfying(
            DynamoDbException.class, e -> assertThat(e.isThrottlingException()).isTrue());
    streams.failNext(DESCRIBE_STREAM, 1, StreamFault.accessDenied("dynamodb:DescribeStream"));
    assertThatThrownBy(this::describe)
        .isInstanceOf(DynamoDbException.class)
        .hasMessageContaining("dynamodb:DescribeStream");
  }

  @Test
  void aResetClosesTheConnectionWithoutAnAnswer() {
    streams.failNext(DESCRIBE_STREAM, 1, StreamFault.connectionReset());

    assertThatThrownBy(this::describe).isInstanceOf(SdkClientException.class);
    describe();
    assertThat(server.requests()).extracting(LoggedRequest::status).containsExactly(0, 200);
    assertThat(streams.calls(GET_RECORDS)).isZero();
  }

  @Test
  void answersCarryTheirChecksum() throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.endpoint())
                    .header("x-amz-target", "DynamoDBStreams_20120810.ListStreams")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.headers().allValues("x-amz-crc32"))
        .isEqualTo(List.of(AwsResponse.crc32(response.body())));
    assertThat(response.headers().allValues("Content-Type"))
        .isEqualTo(List.of("application/x-amz-json-1.0"));
  }

  private void describe() {
    client.describeStream(request -> request.streamArn(stream.arn()));
  }

  private String trimHorizon(String shard) {
    return client
        .getShardIterator(
            request ->
                request
                    .streamArn(stream.arn())
                    .shardId(shard)
                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .shardIterator();
  }

  private GetRecordsResponse records(String iterator) {
    return client.getRecords(request -> request.shardIterator(iterator));
  }
}
