package io.github.dynamokc.testing.aws;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB Streams as a test scripts it: splits, lost positions, expired iterators, late listings,
 * faults. The operations behave, and fail with {@link AwsErrorException}, as those of AWS; a lost
 * connection is an {@link java.io.UncheckedIOException}. Without wall clock and chance: the same
 * script gives the same answers. Thread-safe.
 */
public final class ScriptedStreams {
  private static final Duration ITERATOR_LIFETIME = Duration.ofMinutes(15);
  private static final int MAX_LISTED = 100;

  private final Clock clock;
  private final Map<String, ScriptedStream> streams = new ConcurrentSkipListMap<>();
  private final Set<String> scriptedArns = ConcurrentHashMap.newKeySet();
  private final StreamFaults faults;
  private final AtomicInteger generation = new AtomicInteger();
  private final ScriptedHistory history;
  private volatile @Nullable Duration retention;

  /**
   * @param clock dates records and ages iterators
   */
  public ScriptedStreams(Clock clock) {
    this.clock = clock;
    this.faults = new StreamFaults(clock);
    this.history = new ScriptedHistory(clock);
  }

  /** Remembers all changes from now on, also those that streams forget. */
  WriteHistory recordHistory() {
    history.begin();
    return history;
  }

  /**
   * A change of the table that no stream has, as when it is made while none is enabled: of
   * incremental exports only, for which the table's history is scripted.
   */
  public void writeUnseen(String tableName, ScriptedChange change) {
    history.add(tableName, change);
  }

  /**
   * From now on, also for streams to come, what is older is forgotten by the clock, as AWS forgets
   * what is older than 24 hours: records by when they were appended (whatever second they claim),
   * closed shards by when they were closed, a stream by when it was disabled. What is exactly as
   * old is still there.
   */
  public void retain(Duration age) {
    retention = age;
    streams.values().forEach(stream -> stream.retain(age));
  }

  /**
   * A new stream of both images, without a shard.
   *
   * @param label ends the stream's ARN, as in {@code 2023-11-15T03:54:01.123}
   */
  public ScriptedStream create(String tableName, String label, String... keyNames) {
    return create(
        "arn:aws:dynamodb:us-east-1:000000000000:table/%s/stream/%s".formatted(tableName, label),
        StreamView.NEW_AND_OLD_IMAGES,
        keyNames);
  }

  /** A new stream without a shard; under the ARN of a real stream it can stand in for that. */
  public ScriptedStream create(String streamArn, StreamView viewType, String... keyNames) {
    ScriptedStream stream =
        new ScriptedStream(streamArn, viewType, List.of(keyNames), clock, history);
    if (streams.putIfAbsent(streamArn, stream) != null) {
      throw new IllegalArgumentException("There is a stream " + streamArn + " already");
    }
    stream.retain(retention);
    scriptedArns.add(streamArn);
    return stream;
  }

  /** Whether there is such a stream or was one. */
  boolean isScripted(String streamArn) {
    return scriptedArns.contains(streamArn);
  }

  /** Takes the stream away, as AWS does a day after it was disabled. */
  public void remove(ScriptedStream stream) {
    streams.remove(stream.arn());
  }

  /** Lets the next {@code times} calls of the operation fail, after those planned before. */
  public void failNext(StreamOperation operation, int times, StreamFault fault) {
    failNext(operation, "", times, fault);
  }

  /** As above, of calls for one shard only. */
  public void failNext(StreamOperation operation, String shardId, int times, StreamFault fault) {
    for (int i = 0; i < times; i++) {
      faults.plan(operation, shardId, fault);
    }
  }

  /** Lets each call of the operation fail for a time from now on, but for those planned. */
  public void failFor(StreamOperation operation, Duration time, StreamFault fault) {
    failFor(operation, "", time, fault);
  }

  /** As above, of calls for one shard only. */
  public void failFor(StreamOperation operation, String shardId, Duration time, StreamFault fault) {
    faults.last(operation, shardId, time, fault);
  }

  /** Lets each call of the operation fail for which nothing else is planned. */
  public void failAlways(StreamOperation operation, StreamFault fault) {
    faults.last(operation, fault);
  }

  public void clearFaults() {
    faults.clear();
  }

  /** Tells about each call before it is answered, on the thread of the caller; may block it. */
  public void onCall(Consumer<StreamCall> listener) {
    faults.listener(listener);
  }

  /** How often the operation was called; calls that failed count too. */
  public int calls(StreamOperation operation) {
    return faults.calls(operation);
  }

  /** Lets all iterators given so far expire. */
  public void expireIterators() {
    generation.incrementAndGet();
  }

  /** The streams of a table, or of all tables. */
  public List<ScriptedStream> listStreams(@Nullable String tableName) {
    faults.called(new StreamCall(StreamOperation.LIST_STREAMS, "", ""));
    return streams.values().stream()
        .filter(stream -> !stream.isForgotten())
        .filter(stream -> tableName == null || tableName.equals(stream.tableName()))
        .toList();
  }

  /** The whole listing, or its first 100 shards. */
  public StreamListing describeStream(String streamArn) {
    return describeStream(streamArn, null, null, null);
  }

  /**
   * @param childrenOf the shard of a CHILD_SHARDS filter
   */
  public StreamListing describeStream(
      String streamArn,
      @Nullable Integer limit,
      @Nullable String exclusiveStartShardId,
      @Nullable String childrenOf) {
    faults.called(
        new StreamCall(
            StreamOperation.DESCRIBE_STREAM, streamArn, childrenOf == null ? "" : childrenOf));
    return stream(streamArn).describe(within(limit, MAX_LISTED), exclusiveStartShardId, childrenOf);
  }

  /**
   * Gives an iterator.
   *
   * @param type TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER
   */
  public String getShardIterator(
      String streamArn, String shardId, String type, @Nullable String sequenceNumber) {
    faults.called(new StreamCall(StreamOperation.GET_SHARD_ITERATOR, streamArn, shardId));
    ScriptedStream stream = stream(streamArn);
    return new IteratorToken(
            streamArn,
            shardId,
            stream.position(shardId, type, sequenceNumber),
            clock.millis(),
            generation.get(),
            stream.paging().emptyPages())
        .text();
  }

  public RecordsPage getRecords(String shardIterator, @Nullable Integer limit) {
    IteratorToken at = IteratorToken.parse(shardIterator);
    faults.called(new StreamCall(StreamOperation.GET_RECORDS, at.streamArn(), at.shardId()));
    int now = generation.get();
    if (at.generation() != now
        || clock.millis() - at.issuedMillis() > ITERATOR_LIFETIME.toMillis()) {
      throw AwsErrorException.badRequest(
          "ExpiredIteratorException", "Iterator expired: it is older than 15 minutes");
    }
    return stream(at.streamArn()).read(at, within(limit, ScriptedPaging.MAX_RECORDS), now);
  }

  private static int within(@Nullable Integer limit, int max) {
    if (limit == null) {
      return max;
    }
    if (limit < 1 || limit > max) {
      throw AwsErrorException.badRequest(
          "ValidationException", "Limit " + limit + " is not between 1 and " + max);
    }
    return limit;
  }

  private ScriptedStream stream(String arn) {
    ScriptedStream stream = streams.get(arn);
    if (stream == null || stream.isForgotten()) {
      throw AwsErrorException.badRequest(
          "ResourceNotFoundException", "Requested resource not found: Stream: " + arn);
    }
    return stream;
  }
}
