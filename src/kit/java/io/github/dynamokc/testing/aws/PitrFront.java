package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Stands in front of DynamoDB Local, for tables and streams alike, and adds what it lacks:
 * point-in-time recovery, exports to S3, table ids, tags, the tagging API, a time that can be
 * moved. Everything else passes byte for byte.
 *
 * <p>A full export is exact: writes that pass through here wait while the table is scanned. Only
 * deletions by time to live, which DynamoDB Local does by itself, can fall in between.
 *
 * <p>An incremental export is made from all that was ever written to the table, as DynamoDB Local
 * has stored it ({@link RecordedStorage}), or as a test has scripted it ({@link #scriptHistory}).
 * Its windows are cut by the time when a write was stored, to the microsecond; AWS's are to be had
 * a few minutes later only, and full exports of a time longer ago than that are not made here.
 */
public final class PitrFront implements AutoCloseable {
  private static final Set<String> WRITES =
      Set.of(
          "PutItem",
          "UpdateItem",
          "DeleteItem",
          "BatchWriteItem",
          "TransactWriteItems",
          "ExecuteStatement",
          "BatchExecuteStatement",
          "ExecuteTransaction");

  private final DynamoDbBackend backend;
  private final Tables tables = new Tables();
  private final ExportJobs jobs;
  private final AwsJsonServer server;
  private final ReadWriteLock writesOrExport = new ReentrantReadWriteLock(true);
  private final Map<String, AwsJsonServer.Handler> own;
  private final ExportOperations exports;
  private final IncrementalExports incremental;
  private final Listings listings;
  private final DiscoveryOperations discovery;
  private final Consumer<Duration> moveTime;

  /**
   * @param clock of recovery, exports and the dates of answers
   * @param moveTime moves that clock
   * @param history of the tables of DynamoDB Local
   */
  PitrFront(
      InetSocketAddress address,
      URI dynamoDbLocal,
      S3Client s3,
      Clock clock,
      Consumer<Duration> moveTime,
      WriteHistory history) {
    Random random = new Random();
    this.moveTime = moveTime;
    backend = new DynamoDbBackend(dynamoDbLocal);
    jobs = new ExportJobs(new ExportWriter(s3, random), clock);
    incremental = new IncrementalExports(history);
    exports =
        new ExportOperations(
            backend, tables, jobs, clock, random, writesOrExport.writeLock(), incremental);
    RecoveryOperations recovery = new RecoveryOperations(backend, tables, clock);
    listings = new Listings(clock);
    discovery = new DiscoveryOperations(backend, listings);
    own =
        Map.ofEntries(
            entry("CreateTable", this::tableCall),
            entry("UpdateTable", this::tableCall),
            entry("DeleteTable", this::tableCall),
            entry("DescribeTable", this::tableCall),
            entry("ListTables", request -> discovery.listTables(request.json())),
            entry("TagResource", request -> discovery.tag(request.json())),
            entry("UntagResource", request -> discovery.untag(request.json())),
            entry("ListTagsOfResource", request -> discovery.listTags(request.json())),
            entry("DescribeContinuousBackups", request -> recovery.describe(request.json())),
            entry("UpdateContinuousBackups", request -> recovery.update(request.json())),
            entry("ExportTableToPointInTime", request -> exports.export(request.json())),
            entry("DescribeExport", request -> exports.describe(request.json())),
            entry("ListExports", request -> exports.list(request.json())));
    server = new AwsJsonServer("dynamodb-front", address, clock, this::handle);
  }

  private static Map.Entry<String, AwsJsonServer.Handler> entry(
      String action, AwsJsonServer.Handler handler) {
    return Map.entry(action, handler);
  }

  private AwsResponse handle(AwsRequest request) throws IOException, InterruptedException {
    if (request.target().equals(DiscoveryOperations.TAGGING + "GetResources")) {
      return discovery.getResources(request.json());
    }
    AwsJsonServer.Handler handler =
        request.target().startsWith("DynamoDB_") ? own.get(request.action()) : null;
    if (handler != null) {
      return handler.handle(request);
    }
    if (!WRITES.contains(request.action())) {
      return backend.forward(request);
    }
    Optional<Duration> move = TestControl.timeMove(request);
    if (move.isPresent()) {
      moveTime.accept(move.get());
      return AwsResponse.ok("{}");
    }
    writesOrExport.readLock().lockInterruptibly();
    try {
      return backend.forward(request);
    } finally {
      writesOrExport.readLock().unlock();
    }
  }

  /** One at a time: what DynamoDB said of a table is not to get the id of the next of its name. */
  private synchronized AwsResponse tableCall(AwsRequest request)
      throws IOException, InterruptedException {
    JsonNode tags = request.json().path("Tags");
    AwsResponse.Reply reply = backend.forward(withoutTags(request));
    if (reply.status() != 200) {
      return reply;
    }
    String table = Tables.tableName(request.json().path("TableName").asText());
    return switch (request.action()) {
      case "CreateTable" -> {
        discovery.created(table, tags);
        yield Tables.withTableId(reply, tables.created(table));
      }
      case "DeleteTable" -> {
        discovery.deleted(table);
        incremental.forget(table);
        yield Tables.withTableId(reply, tables.deleted(table));
      }
      default -> Tables.withTableId(reply, tables.id(table));
    };
  }

  /** DynamoDB Local knows no tags. */
  private static AwsRequest withoutTags(AwsRequest request) {
    if (!(request.json() instanceof ObjectNode body && body.has("Tags"))) {
      return request;
    }
    body.remove("Tags");
    return new AwsRequest(
        request.target(), request.headers(), body.toString().getBytes(AwsJson.UTF_8));
  }

  /** What listings of tables show, by name or by tags. */
  public Listings listings() {
    return listings;
  }

  /** Where DynamoDB, DynamoDB Streams and the tagging API are served. */
  public URI endpoint() {
    return server.endpoint();
  }

  /**
   * How many data files an export of a table has, 4 at first; each fourth one is empty. For an
   * export without files there is {@link #putSyntheticExport}.
   */
  public void exportFiles(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("An export of a table needs a file, not " + count);
    }
    exports.files(count);
  }

  /** How long an export takes; no time at first. */
  public void exportDelay(Duration delay) {
    jobs.delay(delay);
  }

  /** Keeps exports in progress until {@link #releaseExports}. */
  public void holdExports() {
    jobs.hold();
  }

  public void releaseExports() {
    jobs.release();
  }

  /** Lets the next {@code count} exports that end, end FAILED. */
  public void failNextExports(int count, String code, String message) {
    jobs.failNext(count, code, message);
  }

  /** Gives the next export of the table these lines instead of its items. */
  public void putSyntheticExport(
      String tableArn, Instant exportTime, List<List<String>> linesPerFile) {
    putSyntheticExport(tableArn, SyntheticExport.ofLines(exportTime, linesPerFile));
  }

  /** Gives the next export of the table this content instead of its items. */
  public void putSyntheticExport(String tableArn, SyntheticExport export) {
    exports.putSynthetic(Tables.tableName(tableArn), export);
  }

  /** Gives the next incremental export of the table these files instead of its changes. */
  public void putSyntheticChanges(String tableArn, List<DataFile> files) {
    incremental.putSynthetic(Tables.tableName(tableArn), files);
  }

  /**
   * Takes the table's changes, for incremental exports, from what is appended to the streams of
   * that name, and written past them, from now on; see {@link ScriptedStreams#writeUnseen}.
   */
  public void scriptHistory(String tableArn, ScriptedStreams streams) {
    incremental.script(Tables.tableName(tableArn), streams.recordHistory());
  }

  /** How incremental exports write {@code WriteTimestampMicros}; at first in all forms by turns. */
  public void writeTimestampForms(WriteTimestampForm... forms) {
    incremental.forms(List.of(forms));
  }

  /** The latest 20,000 requests, oldest first. */
  public List<LoggedRequest> requests() {
    return server.log().requests();
  }

  public void clearRequests() {
    server.log().clear();
  }

  /**
   * Asks {@code hook} about each request before anything else; what it gives is the answer. It may
   * block to delay a request.
   */
  public void onRequest(Function<AwsRequest, Optional<AwsResponse>> hook) {
    server.addHook(hook);
  }

  /** Takes all hooks away. */
  public void clearHooks() {
    server.clearHooks();
  }

  @Override
  public void close() {
    server.close();
    jobs.close();
  }
}
