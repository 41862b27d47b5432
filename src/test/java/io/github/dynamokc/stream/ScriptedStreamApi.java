package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.testing.RefusedItem;
import io.github.dynamokc.testing.aws.AwsErrorException;
import io.github.dynamokc.testing.aws.ScriptedRecord;
import io.github.dynamokc.testing.aws.ScriptedStreams;
import io.github.dynamokc.testing.aws.StreamListing;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Scripted streams as the readers see them, without HTTP and the SDK. */
public final class ScriptedStreamApi implements StreamApi {
  private final ScriptedStreams streams;

  public ScriptedStreamApi(ScriptedStreams streams) {
    this.streams = streams;
  }

  @Override
  public ShardPage list(String streamArn, @Nullable String afterShard) {
    return call(() -> listing(streams.describeStream(streamArn, 100, afterShard, null)));
  }

  @Override
  public List<Shard> children(String streamArn, String parent) {
    return call(
        () -> {
          List<Shard> children = new ArrayList<>();
          String last = null;
          do {
            ShardPage page = listing(streams.describeStream(streamArn, 100, last, parent));
            page.shards().stream().filter(s -> parent.equals(s.parent())).forEach(children::add);
            last = page.lastShard();
          } while (last != null);
          return children;
        });
  }

  @Override
  public String iterator(String streamArn, String shardId, ShardPosition position) {
    return call(
        () -> {
          if (position instanceof ShardPosition.At at) {
            return streams.getShardIterator(
                streamArn, shardId, "AT_SEQUENCE_NUMBER", at.sequence());
          }
          if (position instanceof ShardPosition.After after) {
            return streams.getShardIterator(
                streamArn, shardId, "AFTER_SEQUENCE_NUMBER", after.sequence());
          }
          return streams.getShardIterator(streamArn, shardId, "TRIM_HORIZON", null);
        });
  }

  @Override
  public RecordsPage records(String streamArn, String shardId, String iterator) {
    return call(
        () -> {
          var page = streams.getRecords(iterator, null);
          String next = page.nextShardIterator();
          String json =
              "{"
                  + (next == null ? "" : "\"NextShardIterator\":\"" + next + "\",")
                  + "\"Records\":["
                  + page.records().stream()
                      .map(ScriptedRecord::json)
                      .collect(Collectors.joining(","))
                  + "]}";
          return new RecordsParser().parse(RefusedItem.bytes(json));
        });
  }

  private static ShardPage listing(StreamListing page) {
    return new ShardPage(
        page.shards().stream()
            .map(s -> new Shard(s.shardId(), s.parentShardId(), s.endingSequenceNumber()))
            .toList(),
        page.lastEvaluatedShardId(),
        page.status().equals("ENABLED"));
  }

  private static <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (AwsErrorException e) {
      StreamApiException.Kind kind =
          switch (e.errorCode()) {
            case "ExpiredIteratorException" -> StreamApiException.Kind.ITERATOR_EXPIRED;
            case "TrimmedDataAccessException" -> StreamApiException.Kind.POSITION_TRIMMED;
            case "ResourceNotFoundException" -> StreamApiException.Kind.NOT_FOUND;
            case "LimitExceededException",
                "ProvisionedThroughputExceededException",
                "ThrottlingException",
                "InternalServerError" ->
                StreamApiException.Kind.TRANSIENT;
            case "AccessDeniedException" -> StreamApiException.Kind.REFUSED;
            case "ValidationException" ->
                String.valueOf(e.getMessage()).contains("Invalid ShardIterator")
                    ? StreamApiException.Kind.ITERATOR_EXPIRED
                    : StreamApiException.Kind.PERMANENT;
            default -> StreamApiException.Kind.PERMANENT;
          };
      throw new StreamApiException(kind, e.errorCode() + ": " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw new StreamApiException(StreamApiException.Kind.TRANSIENT, "connection lost", e);
    }
  }
}
