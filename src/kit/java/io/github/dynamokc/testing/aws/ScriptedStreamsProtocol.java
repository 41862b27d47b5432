package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the JSON protocol of DynamoDB Streams for {@link ScriptedStreams}. As a hook of {@link
 * PitrFront} it answers the requests for scripted streams and leaves all others alone.
 */
public final class ScriptedStreamsProtocol implements Function<AwsRequest, Optional<AwsResponse>> {
  private final ScriptedStreams streams;

  public ScriptedStreamsProtocol(ScriptedStreams streams) {
    this.streams = streams;
  }

  @Override
  public Optional<AwsResponse> apply(AwsRequest request) {
    return request.target().startsWith("DynamoDBStreams_")
            && streams.isScripted(streamArn(request.json()))
        ? Optional.of(answer(request))
        : Optional.empty();
  }

  private static String streamArn(JsonNode request) {
    String iterator = request.path("ShardIterator").asText();
    return request.path("StreamArn").asText(iterator.split("\\|", 2)[0]);
  }

  AwsResponse answer(AwsRequest request) {
    JsonNode body = request.json();
    try {
      return switch (request.action()) {
        case "ListStreams" -> AwsResponse.ok(streams(body));
        case "DescribeStream" -> AwsResponse.ok(listing(body));
        case "GetShardIterator" -> AwsResponse.ok(iterator(body));
        case "GetRecords" -> AwsResponse.ok(records(body));
        default ->
            AwsResponse.error(
                400, "UnknownOperationException", "No such operation: " + request.target());
      };
    } catch (AwsErrorException e) {
      return AwsResponse.error(e.status(), e.errorCode(), String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      return new AwsResponse.ConnectionClosed();
    }
  }

  private ObjectNode streams(JsonNode request) {
    ObjectNode answer = AwsJson.object();
    ArrayNode list = answer.putArray("Streams");
    for (ScriptedStream stream : streams.listStreams(text(request, "TableName"))) {
      list.addObject()
          .put("StreamArn", stream.arn())
          .put("StreamLabel", stream.label())
          .put("TableName", stream.tableName());
    }
    return answer;
  }

  private ObjectNode listing(JsonNode request) {
    JsonNode filter = request.path("ShardFilter");
    StreamListing listing =
        streams.describeStream(
            request.path("StreamArn").asText(),
            limit(request),
            text(request, "ExclusiveStartShardId"),
            filter.path("Type").asText().equals("CHILD_SHARDS") ? text(filter, "ShardId") : null);
    ObjectNode answer = AwsJson.object();
    ObjectNode stream =
        answer
            .putObject("StreamDescription")
            .put("StreamArn", listing.streamArn())
            .put("StreamLabel", listing.label())
            .put("StreamStatus", listing.status())
            .put("StreamViewType", listing.viewType().name())
            .put("TableName", listing.tableName());
    ArrayNode keys = stream.putArray("KeySchema");
    for (String name : listing.keyNames()) {
      keys.addObject().put("AttributeName", name).put("KeyType", keys.isEmpty() ? "HASH" : "RANGE");
    }
    ArrayNode shards = stream.putArray("Shards");
    listing.shards().forEach(shard -> add(shard, shards.addObject()));
    if (listing.lastEvaluatedShardId() != null) {
      stream.put("LastEvaluatedShardId", listing.lastEvaluatedShardId());
    }
    return answer;
  }

  private static void add(StreamListing.ListedShard shard, ObjectNode node) {
    node.put("ShardId", shard.shardId());
    ObjectNode range =
        node.putObject("SequenceNumberRange")
            .put("StartingSequenceNumber", shard.startingSequenceNumber());
    if (shard.endingSequenceNumber() != null) {
      range.put("EndingSequenceNumber", shard.endingSequenceNumber());
    }
    if (shard.parentShardId() != null) {
      node.put("ParentShardId", shard.parentShardId());
    }
  }

  private ObjectNode iterator(JsonNode request) {
    return AwsJson.object()
        .put(
            "ShardIterator",
            streams.getShardIterator(
                request.path("StreamArn").asText(),
                request.path("ShardId").asText(),
                request.path("ShardIteratorType").asText(),
                text(request, "SequenceNumber")));
  }

  /** Joined as text, so that images reach the client exactly as scripted. */
  private String records(JsonNode request) {
    RecordsPage page = streams.getRecords(request.path("ShardIterator").asText(), limit(request));
    List<ScriptedRecord> records = page.records();
    String next =
        page.nextShardIterator() == null
            ? ""
            : AwsJson.object().put("NextShardIterator", page.nextShardIterator()).toString();
    return "{"
        + (next.isEmpty() ? "" : next.substring(1, next.length() - 1) + ",")
        + records.stream()
            .map(ScriptedRecord::json)
            .collect(Collectors.joining(",", "\"Records\":[", "]}"));
  }

  private static @Nullable Integer limit(JsonNode request) {
    return request.hasNonNull("Limit") ? request.path("Limit").asInt() : null;
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.path(name).textValue();
  }
}
