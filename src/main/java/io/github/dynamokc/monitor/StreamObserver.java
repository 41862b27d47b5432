package io.github.dynamokc.monitor;

import io.github.dynamokc.config.DataLossPolicy;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.lineage.RootEvidence;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.stream.DataLossException;
import io.github.dynamokc.stream.EndedBeforeStart;
import io.github.dynamokc.stream.StreamLister;
import io.github.dynamokc.stream.StreamStart;
import io.github.dynamokc.table.TableDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the stream of one table: its shards with their offsets, and whether it is still the
 * table's. A stream that was disabled is read to its end, which it keeps for 24 hours. Only then it
 * counts that the table has no stream any more, or another one: what was written between the two is
 * in neither, which is for {@code stream.on.data.loss} to decide. On one thread of the monitor.
 */
final class StreamObserver {
  private static final Logger LOG = LoggerFactory.getLogger(StreamObserver.class);

  /** Well above what listings lag behind, a flush of offsets takes, and Kafka may be away. */
  private static final Duration OVERDUE = Duration.ofMinutes(20);

  /**
   * A stream has ended when nothing is left to read of it, and no child of its last shards to be
   * seen, for so many discovery intervals; what is said not to exist for so long is gone.
   */
  static final int INTERVALS_UNTIL_CERTAIN = 10;

  /** Well below the time in which Connect wants a connector to start. */
  private static final Duration LONG_START = Duration.ofSeconds(40);

  private final TableConfig config;
  private final ObserverContext context;
  private final StreamLister lister;
  private final Absence gone;

  /** What is left to read of a stream that was disabled. */
  private final Absence rest;

  private final EndedBeforeStart history;
  private final Map<String, RootEvidence> rootsOfStreams = new HashMap<>();

  /** What the stream that was followed showed last. */
  private List<Shard> lastShards = List.of();

  private final long madeAtMs;
  private boolean saidThatItEnds;

  /** Whether the last look showed shards that may have a parent which is not listed. */
  private boolean unprovenRoots;

  private final WrittenBefore writtenBefore;

  /** The same object stands for the same observation: nothing is derived from it again. */
  private ObservedTable.@Nullable Streaming latest;

  StreamObserver(TableConfig config, ObserverContext context) {
    this.config = config;
    this.madeAtMs = context.clock().millis();
    this.context = context;
    this.lister =
        new StreamLister(
            context.stream(),
            context.describes(),
            this::sayWhatIsKnown,
            context.calls().retrier(),
            context.clock());
    this.history =
        new EndedBeforeStart(context.stream(), context.calls().retrier(), this::sayWhatIsKnown);
    this.writtenBefore = new WrittenBefore(name(), context);
    Duration untilCertain =
        config.stream().shardDiscoveryInterval().multipliedBy(INTERVALS_UNTIL_CERTAIN);
    this.gone = new Absence(untilCertain);
    this.rest = new Absence(untilCertain);
  }

  /**
   * @param table what DynamoDB says of the table, null if there is no such table
   * @throws ConnectException if no shard is left to read and the connector cannot go on
   */
  ObservedTable observe(
      TableOffset offset, @Nullable TableDescription table, boolean announceLoaded)
      throws InterruptedException {
    String followed = followed(offset.registration());
    String now = table == null ? null : table.streamArn();
    StreamStart start = StreamStart.of(offset, config);
    if (followed.equals(now)) {
      gone.seen();
      rest.seen();
      lastShards = lister.listExisting(followed);
      return streaming(followed, lastShards, start, announceLoaded, null);
    }
    long version = DocumentVersion.NONE;
    List<Shard> shards = lister.list(followed);
    long readUpToMs = offset.registration().start().timeMs();
    if (shards == null) {
      if (!gone.missed(context.clock().millis())) {
        sayThatItEnds(followed, now);
        return streaming(followed, lastShards, start, announceLoaded, null);
      }
    } else {
      gone.seen();
      lastShards = shards;
      ObservedTable.Streaming ending = streaming(followed, shards, start, announceLoaded, null);
      if (!isReadToItsEnd(ending)) {
        sayThatItEnds(followed, now);
        return ending;
      }
      version = highestVersion(ending);
      readUpToMs = readUpToMs(ending, readUpToMs);
    }
    String next = checkCanGoOn(offset, shards == null, table, readUpToMs);
    List<Shard> nextShards = lister.list(next);
    return streaming(
        next,
        nextShards == null ? List.of() : nextShards,
        start.ofNext(next, context.clock().millis(), version),
        announceLoaded,
        new ObservedTable.Streaming.Ended(
            followed, Math.max(version, versionBefore(next)), readUpToMs));
  }

  /** A connector does not wait for a long listing to start. */
  private void sayWhatIsKnown() {
    if (latest == null && context.clock().millis() - madeAtMs >= LONG_START.toMillis()) {
      context.meanwhile().accept(new ObservedTable.Listing(name()));
    }
  }

  /** Of all shards that have an offset: versions grow from a shard to its children. */
  private static long highestVersion(ObservedTable.Streaming ended) {
    return ended.shards().stream()
        .map(ObservedShard::offset)
        .filter(Objects::nonNull)
        .mapToLong(ShardOffset::version)
        .max()
        .orElse(DocumentVersion.NONE);
  }

  /** Up to when all of an ended stream was read, epoch ms. */
  private static long readUpToMs(ObservedTable.Streaming ended, long least) {
    return ended.shards().stream()
        .filter(shard -> !ended.lineage().isSettled(shard))
        .map(ObservedShard::offset)
        .filter(Objects::nonNull)
        .mapToLong(ShardOffset::readUpTo)
        .min()
        .orElse(least);
  }

  /**
   * What versions of changes before a stream was enabled are below, should the offsets of the ended
   * stream not be seen, because the stream or its last shards are not listed any more.
   */
  private static long versionBefore(String next) {
    Instant enabled = TableDescription.streamSince(next);
    return enabled == null ? DocumentVersion.NONE : DocumentVersion.lastOf(enabled.toEpochMilli());
  }

  /**
   * The stream to go over to.
   *
   * @param gone whether the stream that was followed does not exist any more, read to its end or
   *     not
   * @param readUpToMs up to when it was read, epoch ms
   */
  private String checkCanGoOn(
      TableOffset offset, boolean gone, @Nullable TableDescription table, long readUpToMs) {
    String followed = followed(offset.registration());
    String end =
        gone
            ? "Its stream %s is gone, and changes that were not read yet with it"
            : "Its stream %s was read to its end";
    String what = end.formatted(followed);
    if (table == null) {
      throw new ConnectException(
          "Table %s was deleted. %s. Delete the connector".formatted(name(), what));
    }
    String problem = table.streamProblem();
    if (problem != null) {
      throw new ConnectException(
          "%s. The stream that the connector's offsets are of was disabled. %s"
              .formatted(problem, what));
    }
    String next = String.valueOf(table.streamArn());
    if (config.stream().onDataLoss() == DataLossPolicy.FAIL
        && !StreamStart.of(offset, config).isInSnapshotBefore(next)) {
      context.metrics().add(Counter.DATA_LOSS_EVENTS, 1);
      throw new DataLossException(
          "Table %s has the stream %s, the connector's offsets are of %s: the stream was disabled and enabled again, and changes between the two are in neither: of those after %s, some may be missing. %s. Set another snapshot.id to take a new snapshot, or stream.on.data.loss=continue to go on with the new stream"
              .formatted(name(), next, followed, Instant.ofEpochMilli(readUpToMs), what),
          readUpToMs);
    }
    return next;
  }

  private String followed(TableOffset.Registration registration) {
    String streamArn = registration.streamArn();
    if (streamArn == null) {
      throw new ConnectException(
          "The connector's offsets of table %s name no stream: the table had none when the connector first met it. Set another snapshot.id to take a new snapshot, which its stream can follow"
              .formatted(name()));
    }
    return streamArn;
  }

  /** While a snapshot is being loaded: it is early to say what will become of its end. */
  void warnIfEnded(TableOffset.Registration registration, @Nullable TableDescription table) {
    String now = table == null ? null : table.streamArn();
    if (!followed(registration).equals(now)) {
      sayThatItEnds(followed(registration), now);
    }
  }

  private void sayThatItEnds(String followed, @Nullable String now) {
    if (!saidThatItEnds) {
      saidThatItEnds = true;
      LOG.warn(
          "Stream {} of table {} was disabled (the table has {} now). It is read to its end before anything else is done about it",
          followed,
          name(),
          now == null ? "no stream" : now);
    }
  }

  /**
   * Whether nothing is left to read, and no child of the last shards to be seen, for long enough: a
   * listing may lack just what is left.
   */
  private boolean isReadToItsEnd(ObservedTable.Streaming stream) {
    boolean isLeft =
        unprovenRoots
            || stream.shards().stream()
                .anyMatch(shard -> !stream.lineage().isSettled(shard) && !hasEnded(shard.offset()));
    if (isLeft) {
      rest.seen();
    }
    return !isLeft && rest.missed(context.clock().millis());
  }

  private static boolean hasEnded(@Nullable ShardOffset offset) {
    return offset != null && offset.endedAt() != null;
  }

  private ObservedTable.Streaming streaming(
      String streamArn,
      List<Shard> shards,
      StreamStart start,
      boolean announceLoaded,
      ObservedTable.Streaming.@Nullable Ended replaces)
      throws InterruptedException {
    Set<String> ids = new LinkedHashSet<>();
    shards.forEach(shard -> ids.add(shard.id()));
    List<String> unlisted =
        shards.stream()
            .map(Shard::parent)
            .filter(Objects::nonNull)
            .filter(parent -> !ids.contains(parent))
            .distinct()
            .toList();
    ids.addAll(unlisted);
    Set<String> unlistedBefore = new LinkedHashSet<>(writtenBefore.of(streamArn));
    unlistedBefore.removeAll(ids);
    ids.addAll(unlistedBefore);
    Map<String, ShardOffset> positions = context.offsets().shards(name(), streamArn, ids);
    context
        .metrics()
        .set(
            Gauge.TOTAL_OPEN_SHARDS,
            shards.stream().filter(s -> s.endingSequence() == null).count());
    List<ObservedShard> forgotten =
        unlisted.stream()
            .filter(positions::containsKey)
            .map(id -> new ObservedShard(id, null, null, positions.get(id), false))
            .toList();
    List<String> leftBehind =
        unlistedBefore.stream().filter(positions::containsKey).sorted().toList();
    Set<String> heldBack =
        rootsOfStreams
            .computeIfAbsent(streamArn, arn -> new RootEvidence(true))
            .heldBack(shards, positions, context.clock().millis());
    unprovenRoots = !heldBack.isEmpty();
    if (unprovenRoots) {
      lister.listWholeNext(streamArn);
    }
    List<Shard> clear = shards.stream().filter(shard -> !heldBack.contains(shard.id())).toList();
    List<ObservedShard> all =
        shards.stream()
            .map(
                shard ->
                    new ObservedShard(
                        shard.id(),
                        shard.parent(),
                        shard.endingSequence(),
                        positions.get(shard.id()),
                        overdue(shard, positions)))
            .toList();
    Set<String> unwanted =
        history.of(streamArn, clear, positions, start, () -> new Lineage(all, forgotten, heldBack));
    List<ObservedShard> observed =
        all.stream().filter(shard -> !unwanted.contains(shard.id())).toList();
    ObservedTable.Streaming before = latest;
    if (before != null
        && before.stream().equals(streamArn)
        && before.announceLoaded() == announceLoaded
        && Objects.equals(before.replaces(), replaces)
        && before.shards().equals(observed)
        && before.lineage().forgotten().equals(forgotten)
        && before.lineage().heldBack().equals(heldBack)
        && before.leftBehind().equals(leftBehind)) {
      return before;
    }
    Lineage lineage = new Lineage(observed, forgotten, heldBack);
    ObservedTable.Streaming now =
        new ObservedTable.Streaming(
            name(),
            streamArn,
            lineage,
            announceLoaded,
            replaces,
            leftBehind,
            unprovenRoots ? null : IdleBeginning.of(shards, lineage));
    latest = now;
    return now;
  }

  private boolean overdue(Shard shard, Map<String, ShardOffset> positions) {
    return shard.parent() != null
        && !positions.containsKey(shard.id())
        && positions.get(shard.parent()) instanceof ShardOffset.Finished finished
        && context.clock().millis() - finished.at() > OVERDUE.toMillis();
  }

  private String name() {
    return config.table().name();
  }
}
