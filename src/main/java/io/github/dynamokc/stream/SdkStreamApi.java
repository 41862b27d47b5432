package io.github.dynamokc.stream;

import io.github.dynamokc.aws.AwsErrorKind;
import io.github.dynamokc.aws.AwsErrors;
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

  private final DynamoDbStreamsClient client;
  private final RequestListener requests;

  /**
   * @param requests hears of the requests that are made
   */
  public SdkStreamApi(DynamoDbStreamsClient client, RequestListener requests) {
    this.client = client;
    this.requests = requests;
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
        resource(streamArn, shardId),
        () -> client.getShardIterator(request).shardIterator());
  }

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
    call("dynamodb:GetRecords", resource(streamArn, shardId), () -> client.getRecords(request));
    return new RecordsParser().parse(raw.body());
  }

  private ShardPage describe(DescribeStreamRequest request) {
    StreamDescription stream =
        call(
            "dynamodb:DescribeStream",
            request.streamArn(),
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

  private static String resource(String streamArn, String shardId) {
    return "shard " + shardId + " of " + streamArn;
  }

  private <T> T call(String action, String resource, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      StreamApiException.Kind kind =
          switch (AwsErrorKind.of(e)) {
            case THROTTLED, SERVER_ERROR, NETWORK -> StreamApiException.Kind.TRANSIENT;
            case EXPIRED_CREDENTIALS, INVALID_CREDENTIALS, ACCESS_DENIED, NOT_SENT ->
                StreamApiException.Kind.REFUSED;
            case NOT_FOUND -> StreamApiException.Kind.NOT_FOUND;
            case POSITION_TRIMMED -> StreamApiException.Kind.POSITION_TRIMMED;
            case ITERATOR_EXPIRED -> StreamApiException.Kind.ITERATOR_EXPIRED;
            case INTERRUPTED, CONFLICT, INVALID, OTHER -> StreamApiException.Kind.PERMANENT;
          };
      throw failure(kind, action, resource, e);
    }
  }

  private static StreamApiException failure(
      StreamApiException.Kind kind, String action, String resource, SdkException cause) {
    ConnectException failure = AwsErrors.failure(action, resource, cause);
    return new StreamApiException(kind, failure.getMessage(), failure.getCause());
  }
}
