package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.ErrorPolicy;
import io.github.dynamokc.testing.HeardRequests;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** What can be done about an error depends on what was asked, and whether it worked before. */
class SdkStreamApiTest {
  private static final String STREAM = "arn:stream";

  private final Streams streams = new Streams();
  private final StreamApi api = new SdkStreamApi(streams, new HeardRequests(), new ErrorPolicy());

  @Test
  void anInvalidIteratorIsOneToBeRenewed() {
    streams.fail(400, "ValidationException");

    assertKind(
        () -> api.records(STREAM, "shard", "iterator"), StreamApiException.Kind.ITERATOR_EXPIRED);
  }

  @Test
  void anInvalidPositionStaysInvalid() {
    streams.fail(400, "ValidationException");

    assertKind(
        () -> api.iterator(STREAM, "shard", new ShardPosition.After("x")),
        StreamApiException.Kind.PERMANENT);
  }

  @Test
  void aBadRequestForRecordsIsNoInvalidIterator() {
    streams.fail(400, "SerializationException");

    assertKind(() -> api.records(STREAM, "shard", "iterator"), StreamApiException.Kind.PERMANENT);
  }

  @ParameterizedTest
  @CsvSource({
    "400, ThrottlingException, TRANSIENT",
    "500, InternalServerError, TRANSIENT",
    "400, ResourceNotFoundException, NOT_FOUND",
    "400, TrimmedDataAccessException, POSITION_TRIMMED",
    "400, ExpiredIteratorException, ITERATOR_EXPIRED"
  })
  void errorsHaveTheirKind(int status, String code, StreamApiException.Kind kind) {
    streams.fail(status, code);

    assertKind(() -> api.records(STREAM, "shard", "iterator"), kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException"})
  void aRefusalOfAFirstCallIsForGood(String code) {
    streams.fail(400, code);

    assertKind(() -> api.list(STREAM, null), StreamApiException.Kind.PERMANENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException"})
  void aRefusalOfWhatWorkedBeforeIsForNow(String code) {
    api.list(STREAM, null);
    streams.fail(400, code);

    assertKind(() -> api.list(STREAM, null), StreamApiException.Kind.REFUSED);
  }

  @Test
  void credentialsThatAreNotFoundLaterAreForNow() {
    api.list(STREAM, null);
    streams.failures.add(SdkClientException.create("no credentials"));

    assertKind(() -> api.list(STREAM, null), StreamApiException.Kind.REFUSED);
  }

  @Test
  void accessToAnotherStreamIsAnotherAccess() {
    api.list(STREAM, null);
    streams.fail(400, "AccessDeniedException");

    assertKind(() -> api.list("arn:another", null), StreamApiException.Kind.PERMANENT);
  }

  @Test
  void accessByAnotherActionIsAnotherAccess() {
    api.list(STREAM, null);
    streams.fail(400, "AccessDeniedException");

    assertKind(
        () -> api.iterator(STREAM, "shard", new ShardPosition.TrimHorizon()),
        StreamApiException.Kind.PERMANENT);
  }

  /** A permission is given for a stream, not for a shard. */
  @Test
  void accessToAnotherShardIsTheSameAccess() {
    api.iterator(STREAM, "shard", new ShardPosition.TrimHorizon());
    streams.fail(400, "AccessDeniedException");

    assertKind(
        () -> api.iterator(STREAM, "another", new ShardPosition.TrimHorizon()),
        StreamApiException.Kind.REFUSED);
  }

  @Test
  void credentialsThatWorkedOnceWorkedForAllCalls() {
    api.list(STREAM, null);
    streams.fail(400, "ExpiredTokenException");

    assertKind(() -> api.list("arn:another", null), StreamApiException.Kind.REFUSED);
  }

  private static void assertKind(Runnable call, StreamApiException.Kind kind) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StreamApiException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  /** Knows streams without shards; the next calls fail as told. */
  private static final class Streams implements DynamoDbStreamsClient {
    private final Queue<RuntimeException> failures = new ArrayDeque<>();

    void fail(int status, String code) {
      failures.add(
          DynamoDbException.builder()
              .statusCode(status)
              .awsErrorDetails(
                  AwsErrorDetails.builder()
                      .serviceName("DynamoDbStreams")
                      .errorCode(code)
                      .errorMessage(code + " said")
                      .build())
              .build());
    }

    @Override
    public DescribeStreamResponse describeStream(DescribeStreamRequest request) {
      failIfTold();
      return DescribeStreamResponse.builder().streamDescription(s -> {}).build();
    }

    @Override
    public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
      failIfTold();
      return GetShardIteratorResponse.builder().shardIterator("iterator").build();
    }

    @Override
    public GetRecordsResponse getRecords(GetRecordsRequest request) {
      failIfTold();
      throw new UnsupportedOperationException("An answer comes as bytes, past this client");
    }

    private void failIfTold() {
      RuntimeException failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
