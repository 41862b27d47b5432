package io.github.dynamokc.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.testing.aws.ScriptedStream;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Judges a life of a {@link StreamWorld}: what it delivered, and what it said of the rest. It is
 * told of each change that is written (changes of a key are numbered from 1), and hears from the
 * world of all that is started, taken over by Connect, acknowledged and committed. A generation is
 * the time between two starts of the tasks.
 *
 * <p><b>Delivery.</b> Every change that was written is delivered, or is covered by an alarm. In a
 * generation a shard's changes come in order and once each, and none that was committed before it
 * began: its own offset says so, or it is finished, or something below it has an offset. The
 * changes of a key come in order, over shards and streams: after a change comes the next one, or
 * one that comes again; what is left out in between must be covered. A tombstone follows its
 * deletion. {@code document_version} grows with each new change of a key, also over a replaced
 * stream, and is the same when a change comes again.
 *
 * <p><b>Alarms.</b> An alarm is a {@code DATA_LOSS} record or the failure of a task or of the
 * connector that says that changes may be missing. It covers a change
 *
 * <ul>
 *   <li>of its shard, of one above it, or of one below it; an alarm of the table covers all;
 *   <li>that is of the time that it names, {@code from} to {@code to} (if it names none: that was
 *       written before the alarm);
 *   <li>that the stream did not hold any more by then, with a quarter of an hour for reading to go
 *       on, and the time for which the tasks stood still after it. What the stream held and was not
 *       delivered is not excused by an alarm.
 * </ul>
 *
 * <p><b>False alarms.</b> An alarm is right if a change that it can cover was gone from the stream,
 * was not committed, and was not covered before; or if the table's stream was replaced. It is also
 * right if nothing is missing but nobody could know that, because the shard's position was not
 * confirmed for the retention. That takes three lengths into account:
 *
 * <ul>
 *   <li>A position is confirmed up to a time when an answer told of everything up to it (the time
 *       of the last change that was given, or that of an empty answer at the tip of the open shard;
 *       a shard that gave nothing is confirmed as its parent is, and a root since the stream was
 *       followed), and all offsets of what was given were committed after that answer, by tasks of
 *       the same generation. So what a crash takes with it, between the last complete flush and the
 *       crash, never counts as confirmed.
 *   <li>A shard without changes commits its time only once in {@link #PROGRESS_INTERVAL}, and it
 *       learns of it only when it polls: so an offset may be that much older than the flush.
 *   <li>Clocks that differ may be mistaken by their difference.
 * </ul>
 *
 * So an alarm of a shard is false if nothing is missing and, at its time, the position was
 * confirmed less than the retention ago, minus the interval, minus the longest time between two
 * polls, minus the difference of the clocks. Every right position of a committed offset is at most
 * that much older than what this oracle holds for confirmed, so a right alarm is never called a
 * false one; a wrong one is caught unless it is that near to the edge.
 *
 * <p><b>Failures.</b> With {@code stream.on.data.loss=fail} a right alarm ends a life; what was
 * left out before it is not excused. Any other failure is a fault, and so is each alarm that is a
 * failure though the policy is to go on.
 */
final class DeliveryOracle {
  static final Duration RETENTION = Duration.ofHours(24);

  /** How seldom a shard without changes commits how far it is read. */
  static final Duration PROGRESS_INTERVAL = Duration.ofMinutes(30);

  /** Within which reading goes on after an alarm. */
  private static final Duration TO_GO_ON = Duration.ofMinutes(15);

  /** Times of changes are in seconds, and a change may claim the second before. */
  private static final long COARSE_MS = 2_000;

  /** Flushes that follow one sooner are not noted, which only makes the judgment milder. */
  private static final long OFTEN_ENOUGH_MS = 60_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SHARD = Pattern.compile("Shard (\\S+) of table");
  private static final Pattern STREAM = Pattern.compile("The stream is (\\S+?)[.]?$");

  private final String name;
  private final InstantSource clock;
  private final DataLossPolicy policy;
  private final long mayBeUnconfirmedMs;
  private final long skewMs;

  private final Map<String, Followed> streams = new LinkedHashMap<>();
  private final Map<String, Key> keys = new LinkedHashMap<>();

  /** Alarms in Kafka. */
  private final List<Alarm> alarms = new ArrayList<>();

  /** Those that may get there. */
  private final Map<SourceRecord, Alarm> raised = new IdentityHashMap<>();

  private final List<Change> leftOut = new ArrayList<>();
  private final Map<ShardId, Progress> shards = new HashMap<>();
  private int generation;
  private long stoodStillMs;
  private long flushedAtMs;

  /**
   * @param name of the life, for messages
   * @param clock AWS's
   * @param skew how far the worker's clock differs from it
   * @param pollIdleMax the longest time between two polls of a shard
   */
  DeliveryOracle(
      String name,
      InstantSource clock,
      DataLossPolicy policy,
      Duration skew,
      Duration pollIdleMax) {
    this.name = name;
    this.clock = clock;
    this.policy = policy;
    this.skewMs = skew.abs().toMillis();
    this.mayBeUnconfirmedMs =
        RETENTION.minus(PROGRESS_INTERVAL).minus(pollIdleMax).minus(skew.abs()).toMillis();
  }

  private record ShardId(String stream, String shard) {}

  private record Followed(ScriptedStream stream, long sinceMs) {}

  /** What was written of a key, and how far a consumer of the topic is that reads it in order. */
  private static final class Key {
    private final List<Change> changes = new ArrayList<>();
    private int standsAt;
    private int highest;
    private long highestVersion;
    private int generation;
    private @Nullable Change untilTombstone;
  }

  private static final class Change {
    private final String key;
    private final int value;
    private final @Nullable ShardId shard;
    private final @Nullable BigInteger sequence;
    private final long atMs;
    private @Nullable Long version;

    private Change(
        String key, int value, @Nullable ShardId shard, @Nullable BigInteger sequence, long atMs) {
      this.key = key;
      this.value = value;
      this.shard = shard;
      this.sequence = sequence;
      this.atMs = atMs;
    }

    @Override
    public String toString() {
      return "%s=%d (shard %s, number %s, written at %s)"
          .formatted(
              key,
              value,
              shard == null ? "none" : shard.shard(),
              sequence,
              Instant.ofEpochMilli(atMs));
    }
  }

  /** What was given, delivered and committed of a shard. */
  private static final class Progress {
    private @Nullable BigInteger committed;
    private boolean done;
    private @Nullable BigInteger committedBefore;
    private boolean doneBefore;
    private int generation;
    private @Nullable BigInteger delivered;
    private @Nullable Long givenBeforeMs;
    private @Nullable Long confirmedMs;
  }

  /**
   * @param shard null if it is of the whole table
   * @param fromMs changes later than this may be missing, epoch ms; null if that is not said
   */
  private record Alarm(
      @Nullable ShardId shard,
      @Nullable Long fromMs,
      @Nullable Long toMs,
      long atMs,
      long stoodStillMs) {}

  /** A stream whose changes are wanted from its beginning on, or from now on. */
  void follows(ScriptedStream stream) {
    streams.put(stream.arn(), new Followed(stream, clock.millis()));
  }

  /** A change was appended to a shard. */
  void written(ScriptedStream stream, String shard, String sequence, String key, int value) {
    add(
        new Change(
            key,
            value,
            new ShardId(stream.arn(), shard),
            new BigInteger(sequence),
            clock.millis()));
  }

  /** A change was made to the table while it had no stream. */
  void writtenBetweenStreams(String key, int value) {
    add(new Change(key, value, null, null, clock.millis()));
  }

  private void add(Change change) {
    List<Change> changes = keys.computeIfAbsent(change.key, k -> new Key()).changes;
    if (change.value != changes.size() + 1) {
      throw new IllegalArgumentException(change + " is not the next one");
    }
    changes.add(change);
  }

  /** The tasks did not run, or got nowhere, for so long. */
  void stoodStill(Duration time) {
    stoodStillMs += time.toMillis();
  }

  /** Tasks are started from what is committed now. */
  void started() {
    generation++;
    for (Progress progress : shards.values()) {
      progress.committedBefore = progress.committed;
      progress.doneBefore = progress.done;
    }
    forEachGiven((progress, givenMs) -> progress.givenBeforeMs = givenMs);
  }

  /** All that the tasks have emitted is committed. */
  void flushed() {
    long now = clock.millis();
    if (now - flushedAtMs < OFTEN_ENOUGH_MS) {
      return;
    }
    flushedAtMs = now;
    forEachGiven(
        (progress, givenMs) -> {
          // What an earlier generation was given last may never have been committed.
          if (progress.givenBeforeMs == null || givenMs > progress.givenBeforeMs) {
            progress.confirmedMs = givenMs;
          }
        });
  }

  private interface OfGiven {
    void accept(Progress progress, long givenUpToMs);
  }

  private void forEachGiven(OfGiven action) {
    for (Followed followed : streams.values()) {
      followed.stream()
          .givenUpToMs()
          .forEach(
              (shard, givenMs) ->
                  action.accept(progress(new ShardId(followed.stream().arn(), shard)), givenMs));
    }
  }

  private Progress progress(ShardId shard) {
    return shards.computeIfAbsent(shard, s -> new Progress());
  }

  /** Connect has taken a record over from a task: in the order in which a shard's are emitted. */
  void taken(SourceRecord record) {
    if (isChange(record)) {
      if (record.value() != null) {
        checkOnceAndInOrder(record, change(record));
      }
    } else {
      Alarm alarm = alarm(record);
      if (alarm != null) {
        raised.put(record, alarm);
        judge(alarm, String.valueOf(record.value()));
      }
    }
  }

  /** Kafka has a record. */
  void acknowledged(SourceRecord record) {
    if (!isChange(record)) {
      Alarm alarm = raised.remove(record);
      if (alarm != null) {
        alarms.add(alarm);
      }
      return;
    }
    if (record.value() == null) {
      tombstone(key(record), record);
    } else {
      delivered(key(record), record);
    }
  }

  private Key key(SourceRecord record) {
    String json = (String) record.key();
    Key key = keys.get(json.substring(7, json.length() - 2));
    check(key != null, "a change of %s, of before the start", json);
    return key;
  }

  private Change change(SourceRecord record) {
    String json = (String) record.value();
    int at = json.indexOf("\"v\":") + 4;
    int value = Integer.parseInt(json.substring(at, json.indexOf('}', at)));
    return key(record).changes.get(value - 1);
  }

  private static boolean isChange(SourceRecord record) {
    return record.topic().equals(StreamWorld.TABLE);
  }

  private void tombstone(Key key, SourceRecord record) {
    Change deletion = key.untilTombstone;
    check(
        deletion != null && deletion.version.equals(version(record)),
        "a tombstone that does not follow its deletion: %s",
        record);
    key.untilTombstone = null;
  }

  private void delivered(Key key, SourceRecord record) {
    Change change = change(record);
    checkOrderOfKey(key, change);
    checkVersion(key, change, version(record));
    Object action = record.headers().lastWithName("opensearch_action").value();
    key.untilTombstone = "delete".equals(action) ? change : null;
  }

  private void checkOnceAndInOrder(SourceRecord record, Change change) {
    Progress progress = progress(change.shard);
    check(shard(record).equals(change.shard), "%s was emitted as of %s", change, shard(record));
    check(!progress.doneBefore, "%s again, though its shard was committed as read", change);
    check(
        progress.committedBefore == null || change.sequence.compareTo(progress.committedBefore) > 0,
        "%s again, though %s was committed",
        change,
        progress.committedBefore);
    check(
        progress.generation != generation || change.sequence.compareTo(progress.delivered) > 0,
        "%s after %s by the same tasks: out of order, or twice",
        change,
        progress.delivered);
    progress.generation = generation;
    progress.delivered = change.sequence;
  }

  private void checkOrderOfKey(Key key, Change change) {
    int value = change.value;
    check(
        key.generation != generation || value > key.standsAt,
        "%s after change %d of its key by the same tasks: out of order, or twice",
        change,
        key.standsAt);
    check(
        key.untilTombstone == null || key.generation != generation,
        "no tombstone before %s",
        change);
    leaveOut(key, value - 1);
    key.generation = generation;
    key.standsAt = value;
  }

  /** Whoever reads the topic in order misses what comes after where it stands, up to a change. */
  private void leaveOut(Key key, int upTo) {
    for (int missed = key.standsAt + 1; missed <= upTo; missed++) {
      leftOut.add(key.changes.get(missed - 1));
    }
  }

  private void checkVersion(Key key, Change change, long version) {
    check(
        change.version == null || change.version == version,
        "%s comes again with version %d, it had %s",
        change,
        version,
        change.version);
    change.version = version;
    if (change.value > key.highest) {
      check(
          version > key.highestVersion,
          "the version of %s is %d, that of the change before is %d",
          change,
          version,
          key.highestVersion);
      key.highest = change.value;
      key.highestVersion = version;
    }
  }

  private static long version(SourceRecord record) {
    return (Long) record.headers().lastWithName("document_version").value();
  }

  private static ShardId shard(SourceRecord record) {
    return shard(record.sourcePartition());
  }

  private static ShardId shard(Map<String, ?> partition) {
    return new ShardId((String) partition.get("stream"), (String) partition.get("shard"));
  }

  /** An offset of a record is committed; null takes the partition's away. */
  void committed(Map<String, ?> partition, @Nullable Map<String, ?> offset) {
    if (offset == null || !partition.containsKey("shard")) {
      return;
    }
    ShardId shard = shard(partition);
    Progress progress = progress(shard);
    String sequence = (String) offset.get("sequence");
    if (sequence != null) {
      BigInteger number = new BigInteger(sequence);
      progress.committed = progress.committed == null ? number : progress.committed.max(number);
    }
    progress.done |= Boolean.TRUE.equals(offset.get("done"));
    for (ShardId above = parentOf(shard); above != null; above = parentOf(above)) {
      Progress ancestor = progress(above);
      if (ancestor.done) {
        break;
      }
      ancestor.done = true;
    }
  }

  private @Nullable ShardId parentOf(ShardId shard) {
    String parent = streams.get(shard.stream()).stream().parentOf(shard.shard());
    return parent == null ? null : new ShardId(shard.stream(), parent);
  }

  private boolean isBelow(ShardId shard, ShardId other) {
    for (ShardId above = shard; above != null; above = parentOf(above)) {
      if (above.equals(other)) {
        return true;
      }
    }
    return false;
  }

  /** Null if the record is none. */
  private @Nullable Alarm alarm(SourceRecord record) {
    String text = (String) record.value();
    if (!text.contains("\"DATA_LOSS\"")) {
      return null;
    }
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
    boolean ofShard = record.sourcePartition().containsKey("shard");
    // It is about what the worker knew when it wrote it.
    return new Alarm(
        ofShard ? shard(record) : null,
        json.hasNonNull("from") ? json.get("from").longValue() : null,
        json.hasNonNull("to") ? json.get("to").longValue() : null,
        json.get("ts_ms").longValue(),
        stoodStillMs);
  }

  /**
   * A task, or the connector, failed.
   *
   * @throws AssertionError unless the policy is to fail, and it fails for a loss
   */
  void failed(ConnectException failure) {
    String message = String.valueOf(failure.getMessage());
    if (policy != DataLossPolicy.FAIL || !saysThatChangesAreMissing(failure)) {
      throw new AssertionError(
          name + ": a failure that is none of lost changes: " + message, failure);
    }
    Matcher of = SHARD.matcher(message);
    ShardId shard = null;
    if (of.find()) {
      // Streams of a table may have shards of the same name.
      Matcher in = STREAM.matcher(message);
      check(in.find() && streams.containsKey(in.group(1)), "no stream in the failure %s", message);
      shard = new ShardId(in.group(1), of.group(1));
    }
    judge(new Alarm(shard, fromMs(failure), null, clock.millis(), stoodStillMs), message);
    for (Change change : leftOut) {
      check(isCovered(change), "%s was left out in silence, before %s", change, message);
    }
  }

  private static boolean saysThatChangesAreMissing(ConnectException failure) {
    return failure instanceof DataLossException
        || String.valueOf(failure.getMessage()).contains("changes between the two are in neither");
  }

  private static @Nullable Long fromMs(ConnectException failure) {
    return failure instanceof DataLossException loss ? loss.fromMs() : null;
  }

  /** Whether an alarm is right when it is raised. */
  private void judge(Alarm alarm, String said) {
    if (alarm.shard() == null) {
      check(streams.size() > 1, "an alarm of the table, whose stream is the same: %s", said);
      return;
    }
    long now = clock.millis();
    long confirmed = confirmedMs(alarm.shard());
    if (now - confirmed > mayBeUnconfirmedMs) {
      return;
    }
    for (Key key : keys.values()) {
      for (Change change : key.changes) {
        boolean gone = change.atMs + RETENTION.toMillis() < now + skewMs;
        if (gone && isNear(alarm, change) && !isCommitted(change) && !isCovered(change)) {
          return;
        }
      }
    }
    throw new AssertionError(
        "%s: a false alarm at %s, the shard is read up to %s: %s"
            .formatted(name, Instant.ofEpochMilli(now), Instant.ofEpochMilli(confirmed), said));
  }

  private long confirmedMs(ShardId shard) {
    long confirmed = streams.get(shard.stream()).sinceMs();
    for (ShardId above = shard; above != null; above = parentOf(above)) {
      Progress progress = shards.get(above);
      if (progress != null && progress.confirmedMs != null) {
        confirmed = Math.max(confirmed, progress.confirmedMs);
      }
    }
    return confirmed;
  }

  private boolean isCommitted(Change change) {
    Progress progress = shards.get(change.shard);
    return progress != null
        && (progress.done
            || (progress.committed != null && change.sequence.compareTo(progress.committed) <= 0));
  }

  /** Whether an alarm is of the change's shard, or of one above or below it. */
  private boolean isNear(Alarm alarm, Change change) {
    ShardId of = alarm.shard();
    ShardId shard = change.shard;
    return of == null || (shard != null && (isBelow(shard, of) || isBelow(of, shard)));
  }

  private boolean isCovered(Change change) {
    return alarms.stream().anyMatch(alarm -> covers(alarm, change));
  }

  private boolean covers(Alarm alarm, Change change) {
    long slack = skewMs + COARSE_MS;
    Long from = alarm.fromMs();
    Long to = alarm.toMs();
    boolean named =
        (from == null || change.atMs >= from - slack)
            && change.atMs <= (to == null ? alarm.atMs() : to) + slack;
    long goneBy = alarm.atMs() + slack + TO_GO_ON.toMillis() + stoodStillMs - alarm.stoodStillMs();
    boolean held = change.shard != null && change.atMs + RETENTION.toMillis() > goneBy;
    return named && !held && isNear(alarm, change);
  }

  /** To be called when the tasks had the time to read and deliver all that there is. */
  void assertDelivered() {
    for (Key key : keys.values()) {
      leaveOut(key, key.changes.size());
    }
    for (Change change : leftOut) {
      check(isCovered(change), "%s is missing, and no alarm says so; there is %s", change, alarms);
    }
    Set<String> without = new HashSet<>();
    keys.forEach(
        (key, state) -> {
          if (state.untilTombstone != null && !isCovered(state.untilTombstone)) {
            without.add(key);
          }
        });
    check(without.isEmpty(), "no tombstone in the end of %s", without);
  }

  private void check(boolean holds, String otherwise, Object... details) {
    if (!holds) {
      throw new AssertionError(name + ": " + otherwise.formatted(details));
    }
  }
}
