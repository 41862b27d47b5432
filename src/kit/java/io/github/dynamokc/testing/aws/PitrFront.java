package io.github.dynamokc.testing.aws;

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
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Stands in front of DynamoDB Local, for tables and streams alike, and adds what it lacks:
 * point-in-time recovery, exports to S3, table ids. Everything else passes byte for byte.
 *
 * <p>An export is exact: writes that pass through here wait while the table is scanned. Only
 * deletions by time to live, which DynamoDB Local does by itself, can fall in between.
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

  /** Listens on loopback, on a port that is free. */
  public PitrFront(URI dynamoDbLocal, S3Client s3, Clock clock) {
    this(Listeners.onLoopback(), dynamoDbLocal, s3, clock);
  }

  PitrFront(InetSocketAddress address, URI dynamoDbLocal, S3Client s3, Clock clock) {
    Random random = new Random();
    backend = new DynamoDbBackend(dynamoDbLocal);
    jobs = new ExportJobs(new ExportWriter(s3, random), clock);
    exports =
        new ExportOperations(backend, tables, jobs, clock, random, writesOrExport.writeLock());
    RecoveryOperations recovery = new RecoveryOperations(backend, tables, clock);
    own =
        Map.of(
            "CreateTable", this::tableCall,
            "UpdateTable", this::tableCall,
            "DeleteTable", this::tableCall,
            "DescribeTable", this::tableCall,
            "DescribeContinuousBackups", request -> recovery.describe(request.json()),
            "UpdateContinuousBackups", request -> recovery.update(request.json()),
            "ExportTableToPointInTime", request -> exports.export(request.json()),
            "DescribeExport", request -> exports.describe(request.json()),
            "ListExports", request -> exports.list(request.json()));
    server = new AwsJsonServer("dynamodb-front", address, this::handle);
  }

  private AwsResponse handle(AwsRequest request) throws IOException, InterruptedException {
    AwsJsonServer.Handler handler =
        request.target().startsWith("DynamoDB_") ? own.get(request.action()) : null;
    if (handler != null) {
      return handler.handle(request);
    }
    if (!WRITES.contains(request.action())) {
      return backend.forward(request);
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
    AwsResponse.Reply reply = backend.forward(request);
    if (reply.status() != 200) {
      return reply;
    }
    String table = Tables.tableName(request.json().path("TableName").asText());
    return switch (request.action()) {
      case "CreateTable" -> Tables.withTableId(reply, tables.created(table));
      case "DeleteTable" -> Tables.withTableId(reply, tables.deleted(table));
      default -> Tables.withTableId(reply, tables.id(table));
    };
  }

  /** Where DynamoDB and DynamoDB Streams are served. */
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
