package io.github.dynamokc.monitor;

import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.lineage.RootEvidence;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.record.DocumentVersion;
import io.github.dynamokc.stream.EndedBeforeStart;
import io.github.dynamokc.stream.StreamLister;
import io.github.dynamokc.stream.StreamStart;
import io.github.dynamokc.table.TableDescription;
import java.time.Duration;
import java.util.ArrayList;
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

  /** Point-in-time recovery keeps no more than that. */
  private static final Duration RECOVERABLE = Duration.ofDays(35);

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

  /** When this was asked first, epoch ms: by then it is known what time it is at AWS. */
  private long firstAskedMs = -1;

  private boolean saidThatItEnds;

  /** Whether the last look showed shards that may have a parent which is not listed. */
  private boolean unprovenRoots;

  private final WrittenBefore writtenBefore;
  private final PlannedLineages plannedLineages;
  private final LossObserver losses;

  /** The same object stands for the same observation: nothing is derived from it again. */
  private ObservedTable.@Nullable Streaming latest;

  /** What is committed of the shards that the latest look left behind. */
  private List<ShardOffset> leftBehindOffsets = List.of();

  StreamObserver(TableConfig config, ObserverContext context) {
    this.config = config;
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
    this.plannedLineages = new PlannedLineages(name(), context, writtenBefore);
    this.losses = new LossObserver(config, context);
    Duration untilCertain =
        config.stream().shardDiscoveryInterval().multipliedBy(INTERVALS_UNTIL_CERTAIN);
    this.gone = new Absence(untilCertain);
    this.rest = new Absence(untilCertain);
  }

  /**
   * @param table what DynamoDB says of the table, null if there is no such table
   * @param due what is still to be committed of the table itself
   * @return how the stream is to be read, or how to make up for what is lost of it
   * @throws ConnectException if no shard is left to read and the connector cannot go on
   */
  ObservedTable observe(
      TableOffset offset, @Nullable TableDescription table, ObservedTable.Streaming.Due due)
      throws InterruptedException {
    if (firstAskedMs < 0) {
      firstAskedMs = context.clock().millis();
    }
    String followed = followed(offset.registration());
    String now = table == null ? null : table.streamArn();
    StreamStart start = StreamStart.of(offset, config);
    if (followed.equals(now)) {
      gone.seen();
      rest.seen();
      lastShards = lister.listExisting(followed);
      return unlessLost(offset, start, streaming(followed, lastShards, start, offset, due));
    }
    long version = DocumentVersion.NONE;
    List<Shard> shards = lister.list(followed);
    long readUpToMs = offset.registration().start().timeMs();
    LostLineages.Delivered delivered = LostLineages.Delivered.of(offset, config.stream());
    List<Long> deliveredUpTo;
    if (shards == null) {
      if (!gone.missed(context.clock().millis())) {
        sayThatItEnds(followed, now);
        return streaming(followed, lastShards, start, offset, due);
      }
      deliveredUpTo = readUpToOfGone(followed, offset);
    } else {
      gone.seen();
      lastShards = shards;
      ObservedTable.Streaming ending = streaming(followed, shards, start, offset, due);
      if (!isReadToItsEnd(ending)) {
        sayThatItEnds(followed, now);
        return unlessLost(offset, start, ending);
      }
      version = EndedStream.highestVersion(ending);
      readUpToMs = EndedStream.readUpToMs(ending, readUpToMs);
      deliveredUpTo = List.of(EndedStream.lastReadUpToMs(ending, delivered, start));
    }
    String next = nextStream(shards == null, table, followed);
    long endedVersion = Math.max(version, EndedStream.versionBefore(next));
    if (!start.isInSnapshotBefore(next)) {
      ObservedTable instead =
          losses.ofEnded(
              offset,
              due,
              next,
              endedVersion,
              EndedStream.notAfter(next, deliveredUpTo, delivered, start),
              readUpToMs,
              whatEnded(shards == null, followed));
      if (instead != null) {
        return instead;
      }
    }
    List<Shard> nextShards = lister.list(next);
    return streaming(
        next,
        nextShards == null ? List.of() : nextShards,
        start.ofNext(next, context.clock().millis(), version),
        offset,
        due.replacing(new ObservedTable.Streaming.Ended(followed, endedVersion, readUpToMs)));
  }

  /** The stream, or what is to be done because changes of it are gone unread. */
  private ObservedTable unlessLost(
      TableOffset offset, StreamStart start, ObservedTable.Streaming seen) {
    ObservedTable instead = losses.of(offset, start, seen, leftBehindOffsets, plannedLineages);
    return instead == null ? seen : instead;
  }

  /**
   * Up to when each lineage of the stream that is followed is in Kafka, epoch ms. To be asked when
   * nothing of it is read.
   *
   * @param table what DynamoDB says of the table, null if there is no such table
   * @return null until it is certain what the listing shows: which shards have no parent, or that a
   *     stream is gone that is not the table's any more
   */
  @Nullable List<Long> deliveredUpToMs(TableOffset offset, @Nullable TableDescription table)
      throws InterruptedException {
    String followed = followed(offset.registration());
    String now = table == null ? null : table.streamArn();
    StreamStart start = StreamStart.of(offset, config);
    if (followed.equals(now)) {
      return deliveredUpToMs(offset, start, followed, lister.listExisting(followed));
    }
    List<Long> delivered = deliveredUpToMs(offset, start, followed, lister.list(followed));
    return delivered == null || now == null
        ? delivered
        : EndedStream.notAfter(
            now, delivered, LostLineages.Delivered.of(offset, config.stream()), start);
  }

  private @Nullable List<Long> deliveredUpToMs(
      TableOffset offset, StreamStart start, String followed, @Nullable List<Shard> shards)
      throws InterruptedException {
    writtenBefore.lookAgain();
    if (shards == null) {
      return gone.missed(context.clock().millis()) ? readUpToOfGone(followed, offset) : null;
    }
    gone.seen();
    ObservedTable.Streaming seen =
        streaming(followed, shards, start, offset, ObservedTable.Streaming.Due.NOTHING);
    if (!seen.lineage().heldBack().isEmpty()) {
      return null;
    }
    return LostLineages.allReadUpToMs(
        seen.lineage(),
        leftBehindOffsets,
        start,
        LostLineages.Delivered.of(offset, config.stream()),
        context.clock().millis());
  }

  /**
   * Where lineages are of which nothing is committed: at the beginning of the stream, which is that
   * of what was loaded before. None if that is longer ago than recovery reaches back: a lineage
   * that is not begun with is found to be lost after a day.
   *
   * @return times in epoch ms
   */
  List<Long> fromStart(TableOffset offset) {
    StreamStart start = StreamStart.of(offset, config);
    long recoverable = context.clock().millis() - RECOVERABLE.toMillis();
    return LostLineages.Delivered.of(offset, config.stream())
        .positionsMs(start.neededFromMs(), start)
        .filter(time -> time > recoverable)
        .toList();
  }

  /** As it is committed: no listing tells anything of a stream that is gone. */
  private List<Long> readUpToOfGone(String stream, TableOffset offset) {
    writtenBefore.lookAgain();
    Set<String> ids = new LinkedHashSet<>(writtenBefore.of(stream));
    lastShards.forEach(shard -> ids.add(shard.id()));
    List<Long> readUpTo =
        new ArrayList<>(
            LostLineages.allReadUpToMs(
                new Lineage(List.of()),
                context.offsets().shards(name(), stream, ids).values(),
                StreamStart.of(offset, config),
                LostLineages.Delivered.of(offset, config.stream()),
                context.clock().millis()));
    if (!plannedLineages.areCommitted(stream, List.of())) {
      readUpTo.addAll(fromStart(offset));
    }
    return readUpTo;
  }

  /** A connector does not wait for a long listing to start. */
  private void sayWhatIsKnown() {
    if (latest == null && context.clock().millis() - firstAskedMs >= LONG_START.toMillis()) {
      context.meanwhile().accept(new ObservedTable.Listing(name()));
    }
  }

  private static String whatEnded(boolean gone, String followed) {
    String end =
        gone
            ? "Its stream %s is gone, and changes that were not read yet with it"
            : "Its stream %s was read to its end";
    return end.formatted(followed);
  }

  /**
   * The stream to go over to.
   *
   * @param gone whether the stream that was followed does not exist any more, read to its end or
   *     not
   * @throws ConnectException if there is none
   */
  private String nextStream(boolean gone, @Nullable TableDescription table, String followed) {
    String what = whatEnded(gone, followed);
    if (table == null) {
      throw new TableDeletedException(
          "Table %s was deleted. %s. Delete the connector, or take the table out of its configuration"
              .formatted(name(), what),
          !gone);
    }
    String problem = table.streamProblem();
    if (problem != null) {
      throw new ConnectException(
          "%s. The stream that the connector's offsets are of was disabled. %s"
              .formatted(problem, what));
    }
    return String.valueOf(table.streamArn());
  }

  private String followed(Registration registration) {
    String streamArn = registration.streamArn();
    if (streamArn == null) {
      throw new ConnectException(
          "The connector's offsets of table %s name no stream: the table had none when the connector first met it. Set another snapshot.id to take a new snapshot, which its stream can follow"
              .formatted(name()));
    }
    return streamArn;
  }

  /** While a snapshot is being loaded: it is early to say what will become of its end. */
  void warnIfEnded(Registration registration, @Nullable TableDescription table) {
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
      TableOffset offset,
      ObservedTable.Streaming.Due due)
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
    leftBehindOffsets = leftBehind.stream().map(positions::get).toList();
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
    Repaired repaired = offset.registration().repaired();
    Long repairedUpTo = repaired == null ? null : repaired.upToMs();
    ObservedTable.Streaming before = latest;
    if (before != null
        && before.stream().equals(streamArn)
        && before.due().equals(due)
        && Objects.equals(before.repairedUpTo(), repairedUpTo)
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
            due,
            repairedUpTo,
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
