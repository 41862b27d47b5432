package io.github.dynamokc.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.aws.AwsRequest;
import io.github.dynamokc.testing.aws.AwsResponse;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.ScriptedStreams;
import io.github.dynamokc.testing.aws.ScriptedStreamsServer;
import io.github.dynamokc.testing.aws.StreamCall;
import io.github.dynamokc.testing.aws.StreamOperation;
import io.github.dynamokc.testing.aws.StreamView;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * As much of DynamoDB as a connector without a snapshot calls, in this JVM, over HTTP: tables that
 * have nothing but a description and a scripted stream. It counts the reads of each shard.
 */
final class EmulatedAws implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REGION = "us-east-1";
  private static final String TABLE_ARN = "arn:aws:dynamodb:" + REGION + ":000000000000:table/%s";

  private final ScriptedStreams streams = new ScriptedStreams(Clock.systemUTC());
  private final ScriptedStreamsServer server = new ScriptedStreamsServer(streams);
  private final Map<String, String> streamArns = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Long>> firstReads = new ConcurrentHashMap<>();
  private final Map<String, Map<String, LongAdder>> reads = new ConcurrentHashMap<>();

  EmulatedAws() {
    server.onRequest(this::describeTable);
    streams.onCall(this::count);
  }

  URI endpoint() {
    return server.endpoint();
  }

  /** Adds a table with an empty stream of open shards. */
  ScriptedStream addTable(String table, int shards) {
    ScriptedStream stream =
        streams.create(addTable(table), StreamView.NEW_AND_OLD_IMAGES, Items.KEY);
    for (int i = 0; i < shards; i++) {
      stream.addShard();
    }
    return stream;
  }

  /** Adds a table whose stream is served by a hook; gives the stream's ARN. */
  String addTable(String table) {
    String arn = TABLE_ARN.formatted(table) + "/stream/2026-01-01T00:00:00.000";
    streamArns.put(table, arn);
    reads.put(arn, new ConcurrentHashMap<>());
    firstReads.put(arn, new ConcurrentHashMap<>());
    return arn;
  }

  /** Lets {@code hook} answer what it wants to. */
  void onRequest(Function<AwsRequest, Optional<AwsResponse>> hook) {
    server.onRequest(hook);
  }

  /** How often each shard was read that was read at all. */
  Map<String, Long> reads(ScriptedStream stream) {
    Map<String, Long> counts = new HashMap<>();
    reads.getOrDefault(stream.arn(), Map.of()).forEach((shard, n) -> counts.put(shard, n.sum()));
    return counts;
  }

  /** When each shard was read first, as {@link System#nanoTime()}. */
  Map<String, Long> firstReads(ScriptedStream stream) {
    return firstReads.getOrDefault(stream.arn(), Map.of());
  }

  /** A connector to this, with the defaults of all that decides how a stream is read. */
  Map<String, String> config(String table) {
    Map<String, String> config = new LinkedHashMap<>();
    config.put("connector.class", "io.github.dynamokc.DynamoDbSourceConnector");
    config.put("tasks.max", "1");
    config.put("tables", table);
    config.put("snapshot.mode", "no_data");
    config.put("aws.region", REGION);
    config.put("aws.access.key.id", "emulated");
    config.put("aws.secret.access.key", "emulated-secret");
    config.put("aws.dynamodb.endpoint", endpoint().toString());
    config.put("aws.dynamodb.streams.endpoint", endpoint().toString());
    // Until the table is registered, this is how often the monitor looks whether it is.
    config.put("export.poll.interval.ms", "500");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "1");
    config.putAll(SampleSettings.read());
    config.putAll(Settings.connectorConfig());
    return config;
  }

  private void count(StreamCall call) {
    if (call.operation() == StreamOperation.GET_RECORDS) {
      Map<String, LongAdder> ofStream = reads.get(call.streamArn());
      if (ofStream != null) {
        firstReads
            .getOrDefault(call.streamArn(), new ConcurrentHashMap<>())
            .putIfAbsent(call.shardId(), System.nanoTime());
        ofStream.computeIfAbsent(call.shardId(), id -> new LongAdder()).increment();
      }
    }
  }

  private Optional<AwsResponse> describeTable(AwsRequest request) {
    if (!request.action().equals("DescribeTable")) {
      return Optional.empty();
    }
    String table = request.json().path("TableName").asText();
    String streamArn = streamArns.get(table);
    if (streamArn == null) {
      return Optional.of(
          AwsResponse.error(400, "ResourceNotFoundException", "Table not found: " + table));
    }
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode description =
        answer
            .putObject("Table")
            .put("TableName", table)
            .put("TableArn", TABLE_ARN.formatted(table))
            .put("TableId", "id-of-" + table)
            .put("TableStatus", "ACTIVE")
            .put("LatestStreamArn", streamArn);
    description
        .putArray("KeySchema")
        .addObject()
        .put("AttributeName", Items.KEY)
        .put("KeyType", "HASH");
    description
        .putObject("StreamSpecification")
        .put("StreamEnabled", true)
        .put("StreamViewType", StreamView.NEW_AND_OLD_IMAGES.name());
    return Optional.of(AwsResponse.ok(answer));
  }

  @Override
  public void close() {
    server.close();
  }
}
