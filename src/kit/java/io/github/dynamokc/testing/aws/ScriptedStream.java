package io.github.dynamokc.testing.aws;

import java.math.BigInteger;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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
  private static final Pattern ARN =
      Pattern.compile("arn:[^:]+:dynamodb:([^:]+):\\d{12}:table/([^/]+)/stream/(.+)");

  private final String arn;
  private final String region;
  private final String tableName;
  private final String label;
  private final StreamView viewType;
  private final List<String> keyNames;
  private final Clock clock;
  private final SortedMap<String, ScriptedShard> shards = new TreeMap<>();
  private final ShardVisibility visibility = new ShardVisibility();
  private final ScriptedPaging paging = new ScriptedPaging();
  private String status = "ENABLED";
  private BigInteger lastNumber = BigInteger.TEN.pow(20);
  private int shardCount;

  ScriptedStream(String arn, StreamView viewType, List<String> keyNames, Clock clock) {
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
                change.userIdentity()));
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

  private String nextShardId() {
    shardCount++;
    return "shardId-%020d-%08x".formatted(shardCount, shardCount * 0x9E3779B9);
  }

  private String nextSequenceNumber() {
    lastNumber = lastNumber.add(BigInteger.ONE);
    return "%021d".formatted(lastNumber);
  }

  private ScriptedShard shard(String id) {
    ScriptedShard shard = shards.get(id);
    if (shard == null) {
      throw AwsErrorException.badRequest(
          "ResourceNotFoundException", "Requested resource not found: Shard " + id + " of " + arn);
    }
    return shard;
  }

  synchronized StreamListing describe(
      int limit, @Nullable String exclusiveStart, @Nullable String childrenOf) {
    List<ScriptedShard> rest = new ArrayList<>();
    SortedMap<String, ScriptedShard> candidates =
        exclusiveStart == null ? shards : shards.tailMap(exclusiveStart + '\0');
    for (ScriptedShard shard : candidates.values()) {
      boolean leftOut = visibility.filters() && isOther(childrenOf, shard);
      if (!leftOut && visibility.isVisible(shard.id())) {
        rest.add(shard);
      }
    }
    visibility.described();
    if (childrenOf != null && visibility.answersEmpty()) {
      rest = List.of();
    }
    List<ScriptedShard> page = rest.subList(0, Math.min(limit, rest.size()));
    return new StreamListing(
        arn,
        label,
        tableName,
        viewType,
        status,
        keyNames,
        page.stream().map(ScriptedShard::listed).toList(),
        page.size() < rest.size() ? page.get(page.size() - 1).id() : null);
  }

  private static boolean isOther(@Nullable String childrenOf, ScriptedShard shard) {
    return childrenOf != null && !childrenOf.equals(shard.parent());
  }

  /** The position after which an iterator of this type starts. */
  synchronized BigInteger position(String shardId, String type, @Nullable String sequenceNumber) {
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
}
