package io.github.dynamokc.testing.aws;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One stream of {@link ScriptedStreams}: what a test makes happen in it. Shards are listed in the
 * order of their ids, as AWS does. Thread-safe.
 */
public final class ScriptedStream {
  /** So many empty pages in a row show that there is nothing more. */
  private static final int CONVINCING = 5;

  private static final Pattern ARN =
      Pattern.compile("arn:[^:]+:dynamodb:([^:]+):\\d{12}:table/([^/]+)/stream/(.+)");

  private final String arn;
  private final String region;
  private final String tableName;
  private final String label;
  private final StreamView viewType;
  private final List<String> keyNames;
  private final Clock clock;
  private final ScriptedHistory history;
  private final SortedMap<String, ScriptedShard> shards = new TreeMap<>();
  private final ShardVisibility visibility;
  private final ScriptedPaging paging = new ScriptedPaging();
  private String status = "ENABLED";
  private BigInteger lastNumber = BigInteger.TEN.pow(20);
  private int shardCount;
  private @Nullable Duration retention;
  private @Nullable Long disabledAtMs;

  /** The closed shards with the time of that, epoch ms, oldest first. */
  private final Deque<Closed> closed = new ArrayDeque<>();

  /** Of each shard there ever was, its parent, if it has one. */
  private final Map<String, @Nullable String> parents = new HashMap<>();

  /** Up to when what was given of a shard tells of its changes, epoch ms. */
  private final Map<String, Long> givenUpToMs = new HashMap<>();

  /** When empty pages were given at the tip since the last iterator was asked for, epoch ms. */
  private final Map<String, List<Long>> emptyAtTip = new HashMap<>();

  private record Closed(String shard, long atMs) {}

  ScriptedStream(
      String arn,
      StreamView viewType,
      List<String> keyNames,
      Clock clock,
      ScriptedHistory history) {
    Matcher parts = ARN.matcher(arn);
    if (!parts.matches()) {
      throw new IllegalArgumentException("Not the ARN of a stream: " + arn);
    }
    this.arn = arn;
    this.region = parts.group(1);
    this.tableName = parts.group(2);
    this.label = parts.group(3);
    this.viewType = viewType;
    this.keyNames = List.copyOf(keyNames);
    this.clock = clock;
    this.history = history;
    this.visibility = new ShardVisibility(clock);
  }

  public String arn() {
    return arn;
  }

  public String label() {
    return label;
  }

  public String tableName() {
    return tableName;
  }

  /** How reading is cut into pages. */
  public ScriptedPaging paging() {
    return paging;
  }

  /** When shards get listed. */
  public ShardVisibility visibility() {
    return visibility;
  }

  /** Adds an open shard without a parent, and gives its id. */
  public synchronized String addShard() {
    return addShard(nextShardId(), null);
  }

  /** Adds an open shard, and gives its id. The parent need not exist any more. */
  public synchronized String addShard(String id, @Nullable String parent) {
    ScriptedShard shard = new ScriptedShard(id, parent, nextSequenceNumber());
    if (shards.putIfAbsent(id, shard) != null) {
      throw new IllegalArgumentException("There is a shard " + id + " already");
    }
    parents.put(id, parent);
    visibility.added(id);
    return id;
  }

  /** Closes the shard and adds one child, whose id is given. */
  public synchronized String rollOver(String shard) {
    return rollOver(shard, nextShardId());
  }

  public synchronized String rollOver(String shard, String child) {
    close(shard);
    return addShard(child, shard);
  }

  /** Closes the shard and adds two children, whose ids are given. */
  public synchronized List<String> split(String shard) {
    return split(shard, nextShardId(), nextShardId());
  }

  public synchronized List<String> split(String shard, String left, String right) {
    close(shard);
    return List.of(addShard(left, shard), addShard(right, shard));
  }

  /** Closes the shard; it has no child yet. */
  public synchronized void close(String shard) {
    shard(shard).close(paging.endsPastLastRecord() ? nextSequenceNumber() : null);
    closed.add(new Closed(shard, clock.millis()));
    visibility.closed(shard);
  }

  /** Appends a record and gives its sequence number. */
  public synchronized String append(String shard, ScriptedChange change) {
    String given = change.sequenceNumber();
    String number = given == null ? nextSequenceNumber() : given;
    lastNumber = lastNumber.max(new BigInteger(number));
    String eventId = change.eventId();
    Long second = change.epochSecond();
    shard(shard)
        .append(
            new ScriptedRecord(
                eventId == null ? "%032x".formatted(new BigInteger(number)) : eventId,
                change.eventName(),
                region,
                change.keys(),
                viewType.hasNewImage() ? change.newImage() : null,
                viewType.hasOldImage() ? change.oldImage() : null,
                second == null ? clock.instant().getEpochSecond() : second,
                number,
                viewType,
                change.userIdentity()),
            clock.millis());
    history.add(tableName, change);
    return number;
  }

  /** Numbers the shards and records to come from this number on; 10^20 + 1 at first. */
  public synchronized void numberFrom(String sequenceNumber) {
    lastNumber = new BigInteger(sequenceNumber).subtract(BigInteger.ONE);
  }

  /** Drops the records up to this number, itself included, as retention does. */
  public synchronized void trim(String shard, String upToSequenceNumber) {
    shard(shard).trim(new BigInteger(upToSequenceNumber));
  }

  /** Drops all records of the shard. */
  public synchronized void trim(String shard) {
    ScriptedShard found = shard(shard);
    found.trim(found.lastPosition());
  }

  /** Takes the shard away, as AWS does a day after it was closed. */
  public synchronized void remove(String shard) {
    shard(shard);
    shards.remove(shard);
  }

  /** Closes all open shards and marks the stream DISABLED. */
  public synchronized void disable() {
    openShards().forEach(this::close);
    status = "DISABLED";
    disabledAtMs = clock.millis();
  }

  /** Sets what DescribeStream answers as status, and nothing else. */
  public synchronized void status(String streamStatus) {
    status = streamStatus;
  }

  public synchronized List<String> openShards() {
    return shards.values().stream()
        .filter(shard -> !shard.isClosed())
        .map(ScriptedShard::id)
        .toList();
  }

  /** Has the stream forget what is older than this; see {@link ScriptedStreams#retain}. */
  synchronized void retain(@Nullable Duration age) {
    retention = age;
  }

  /** Whether the stream itself is forgotten, because it was disabled for longer than it retains. */
  synchronized boolean isForgotten() {
    return disabledAtMs != null && retention != null && disabledAtMs < horizonMs(retention);
  }

  /** What was appended, or closed, before this time is forgotten; epoch ms. */
  private long horizonMs(Duration age) {
    return clock.millis() - age.toMillis();
  }

  private void forget() {
    if (retention != null) {
      long horizonMs = horizonMs(retention);
      while (!closed.isEmpty() && closed.peek().atMs() < horizonMs) {
        shards.remove(closed.remove().shard());
      }
    }
  }

  /** The parent of a shard, also of one that is forgotten; null for none. */
  public synchronized @Nullable String parentOf(String shard) {
    return parents.get(shard);
  }

  /**
   * Up to when the answers so far tell of a shard's changes, of each shard of which something was
   * given: the time that the last change claims that was given, or when the first of the last five
   * empty pages in a row was given at the tip of the open shard: fewer tell a reader nothing, as
   * there are empty pages before the tip, nor does one whose next iterator is missing. In epoch ms.
   */
  public synchronized Map<String, Long> givenUpToMs() {
    return Map.copyOf(givenUpToMs);
  }

  private String nextShardId() {
    shardCount++;
    return "shardId-%020d-%08x".formatted(shardCount, shardCount * 0x9E3779B9);
  }

  private String nextSequenceNumber() {
    lastNumber = lastNumber.add(BigInteger.ONE);
    return "%021d".formatted(lastNumber);
  }

  private ScriptedShard shard(String id) {
    forget();
    ScriptedShard shard = shards.get(id);
    if (shard == null) {
      throw AwsErrorException.badRequest(
          "ResourceNotFoundException", "Requested resource not found: Shard " + id + " of " + arn);
    }
    if (retention != null) {
      shard.trimOlderThan(horizonMs(retention));
    }
    return shard;
  }

  synchronized StreamListing describe(
      int limit, @Nullable String exclusiveStart, @Nullable String childrenOf) {
    forget();
    ShardVisibility.Answer answer = visibility.answer();
    List<ScriptedShard> rest = new ArrayList<>();
    for (ScriptedShard shard : shardsAfter(exclusiveStart).values()) {
      boolean leftOut = visibility.filters() && isOther(childrenOf, shard);
      if (!leftOut && answer.shows(shard.id())) {
        rest.add(shard);
      }
    }
    visibility.described();
    if (childrenOf != null && visibility.answersEmpty()) {
      rest = List.of();
    }
    int size = Math.min(Math.min(limit, visibility.pageSize()), rest.size());
    List<ScriptedShard> page = rest.subList(0, size);
    return new StreamListing(
        arn,
        label,
        tableName,
        viewType,
        status,
        keyNames,
        page.stream().map(shard -> shard.listed(answer.showsAsOpen(shard.id()))).toList(),
        page.size() < rest.size() ? page.get(page.size() - 1).id() : null);
  }

  /** A page may begin with shards that the one before has ended with. */
  private SortedMap<String, ScriptedShard> shardsAfter(@Nullable String exclusiveStart) {
    if (exclusiveStart == null) {
      return shards;
    }
    String next = exclusiveStart + '\0';
    int overlap = visibility.pageOverlap();
    if (overlap == 0) {
      return shards.tailMap(next);
    }
    List<String> before = List.copyOf(shards.headMap(next).keySet());
    return before.isEmpty()
        ? shards.tailMap(next)
        : shards.tailMap(before.get(Math.max(0, before.size() - overlap)));
  }

  private static boolean isOther(@Nullable String childrenOf, ScriptedShard shard) {
    return childrenOf != null && !childrenOf.equals(shard.parent());
  }

  /** The position after which an iterator of this type starts. */
  synchronized BigInteger position(String shardId, String type, @Nullable String sequenceNumber) {
    emptyAtTip.remove(shardId);
    ScriptedShard shard = shard(shardId);
    return switch (type) {
      case "TRIM_HORIZON" -> shard.trimHorizon();
      case "LATEST" -> shard.latest();
      case "AT_SEQUENCE_NUMBER" -> shard.position(required(sequenceNumber), true);
      case "AFTER_SEQUENCE_NUMBER" -> shard.position(required(sequenceNumber), false);
      default ->
          throw AwsErrorException.badRequest("ValidationException", "ShardIteratorType " + type);
    };
  }

  private static String required(@Nullable String sequenceNumber) {
    if (sequenceNumber == null || !sequenceNumber.matches("\\d{21,40}")) {
      throw AwsErrorException.badRequest(
          "ValidationException", "Invalid SequenceNumber " + sequenceNumber);
    }
    return sequenceNumber;
  }

  synchronized RecordsPage read(IteratorToken at, int limit, int generation) {
    ScriptedShard shard = shard(at.shardId());
    boolean giveEmptyPage = at.emptyPages() > 0;
    List<ScriptedRecord> records =
        shard.read(
            at.after(), giveEmptyPage ? 0 : Math.min(limit, paging.pageSize()), paging.pageBytes());
    BigInteger after = records.isEmpty() ? at.after() : records.get(records.size() - 1).position();
    boolean ends =
        !giveEmptyPage
            && shard.isAtEnd(after)
            && (records.isEmpty() || paging.endsWithLastRecords());
    if (!shard.isClosed() && paging.omitsNextIterator()) {
      noteGiven(shard, records);
      emptyAtTip.remove(shard.id());
      return new RecordsPage(records, null);
    }
    noteGiven(shard, records);
    noteEmptyAtTip(shard, records, after);
    IteratorToken next =
        new IteratorToken(
            arn,
            shard.id(),
            after,
            clock.millis(),
            generation,
            giveEmptyPage ? at.emptyPages() - 1 : records.isEmpty() ? 0 : paging.emptyPages());
    return new RecordsPage(records, ends ? null : next.text());
  }

  private void noteGiven(ScriptedShard shard, List<ScriptedRecord> records) {
    if (!records.isEmpty()) {
      long second = records.get(records.size() - 1).approximateCreationEpochSecond();
      givenUpToMs.merge(shard.id(), second * 1000, Math::max);
      emptyAtTip.remove(shard.id());
    }
  }

  private void noteEmptyAtTip(ScriptedShard shard, List<ScriptedRecord> records, BigInteger after) {
    if (records.isEmpty() && !shard.isClosed() && shard.hasNothingAfter(after)) {
      List<Long> given = emptyAtTip.computeIfAbsent(shard.id(), id -> new ArrayList<>());
      given.add(clock.millis());
      if (given.size() >= CONVINCING) {
        givenUpToMs.merge(shard.id(), given.remove(0), Math::max);
      }
    }
  }
}
