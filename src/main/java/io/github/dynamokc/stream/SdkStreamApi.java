package io.github.dynamokc.stream;

import io.github.dynamokc.aws.AwsErrorKind;
import io.github.dynamokc.aws.AwsErrors;
import io.github.dynamokc.aws.ErrorPolicy;
import io.github.dynamokc.aws.RawResponse;
import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.lineage.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.ShardFilterType;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** The stream as AWS offers it. */
public final class SdkStreamApi implements StreamApi {
  private static final int PAGE = 100;
  private static final String GET_RECORDS = "dynamodb:GetRecords";

  private final DynamoDbStreamsClient client;
  private final RequestListener requests;
  private final ErrorPolicy policy;

  /**
   * @param requests hears of the requests that are made
   * @param policy knows what worked before; may be shared by the streams of a task or monitor
   */
  public SdkStreamApi(DynamoDbStreamsClient client, RequestListener requests, ErrorPolicy policy) {
    this.client = client;
    this.requests = requests;
    this.policy = policy;
  }

  @Override
  public ShardPage list(String streamArn, @Nullable String afterShard) {
    return describe(
        DescribeStreamRequest.builder()
            .overrideConfiguration(RequestListener.of(requests))
            .streamArn(streamArn)
            .limit(PAGE)
            .exclusiveStartShardId(afterShard)
            .build());
  }

  /** Servers that do not know the filter answer everything, so the parent is compared here too. */
  @Override
  public List<Shard> children(String streamArn, String parent) {
    List<Shard> children = new ArrayList<>();
    String lastShard = null;
    do {
      ShardPage page =
          describe(
              DescribeStreamRequest.builder()
                  .overrideConfiguration(RequestListener.of(requests))
                  .streamArn(streamArn)
                  .limit(PAGE)
                  .exclusiveStartShardId(lastShard)
                  .shardFilter(f -> f.type(ShardFilterType.CHILD_SHARDS).shardId(parent))
                  .build());
      page.shards().stream().filter(s -> parent.equals(s.parent())).forEach(children::add);
      lastShard = page.lastShard();
    } while (lastShard != null);
    return children;
  }

  @Override
  public String iterator(String streamArn, String shardId, ShardPosition position) {
    GetShardIteratorRequest request =
        GetShardIteratorRequest.builder()
            .overrideConfiguration(RequestListener.of(requests))
            .streamArn(streamArn)
            .shardId(shardId)
            .shardIteratorType(position.iteratorType())
            .sequenceNumber(position.sequence())
            .build();
    return call(
        "dynamodb:GetShardIterator",
        streamArn,
        shardId,
        () -> client.getShardIterator(request).shardIterator());
  }

  /** A new iterator helps with one that is not accepted: the request has nothing else. */
  @Override
  public RecordsPage records(String streamArn, String shardId, String iterator) {
    RawResponse raw = new RawResponse();
    GetRecordsRequest request =
        GetRecordsRequest.builder()
            .shardIterator(iterator)
            .overrideConfiguration(
                RequestListener.of(requests)
                    .andThen(o -> o.putExecutionAttribute(RawResponse.ATTRIBUTE, raw)))
            .build();
    call(GET_RECORDS, streamArn, shardId, () -> client.getRecords(request));
    return new RecordsParser().parse(raw.body());
  }

  private ShardPage describe(DescribeStreamRequest request) {
    StreamDescription stream =
        call(
            "dynamodb:DescribeStream",
            request.streamArn(),
            null,
            () -> client.describeStream(request).streamDescription());
    return new ShardPage(
        stream.shards().stream()
            .map(
                shard ->
                    new Shard(
                        shard.shardId(),
                        shard.parentShardId(),
                        shard.sequenceNumberRange().endingSequenceNumber()))
            .toList(),
        stream.lastEvaluatedShardId(),
        stream.streamStatus() == StreamStatus.ENABLED);
  }

  /**
   * @param shardId null for a call on the stream as a whole
   */
  private <T> T call(String action, String streamArn, @Nullable String shardId, Supplier<T> call) {
    try {
      T answer = call.get();
      policy.succeeded(action, streamArn);
      return answer;
    } catch (SdkException e) {
      ConnectException failure =
          AwsErrors.failure(
              action, shardId == null ? streamArn : "shard " + shardId + " of " + streamArn, e);
      throw new StreamApiException(
          kind(action, streamArn, e), failure.getMessage(), failure.getCause());
    }
  }

  /** Permissions are given for a stream, so that what worked for one shard works for others. */
  private StreamApiException.Kind kind(String action, String streamArn, SdkException failure) {
    return switch (AwsErrorKind.of(failure)) {
      case THROTTLED, SERVER_ERROR, NETWORK -> StreamApiException.Kind.TRANSIENT;
      case EXPIRED_CREDENTIALS, INVALID_CREDENTIALS, ACCESS_DENIED, NOT_SENT ->
          policy.isWaitedOut(action, streamArn, failure)
              ? StreamApiException.Kind.REFUSED
              : StreamApiException.Kind.PERMANENT;
      case NOT_FOUND -> StreamApiException.Kind.NOT_FOUND;
      case POSITION_TRIMMED -> StreamApiException.Kind.POSITION_TRIMMED;
      case ITERATOR_EXPIRED -> StreamApiException.Kind.ITERATOR_EXPIRED;
      case INVALID ->
          action.equals(GET_RECORDS) && AwsErrors.isValidationError(failure)
              ? StreamApiException.Kind.ITERATOR_EXPIRED
              : StreamApiException.Kind.PERMANENT;
      case INTERRUPTED, NO_SUCH_OBJECT, CONFLICT, OTHER -> StreamApiException.Kind.PERMANENT;
    };
  }
}
