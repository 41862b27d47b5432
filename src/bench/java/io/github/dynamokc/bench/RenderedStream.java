package io.github.dynamokc.bench;

import io.github.dynamokc.testing.aws.AwsRequest;
import io.github.dynamokc.testing.aws.AwsResponse;
import io.github.dynamokc.testing.aws.ScriptedRecord;
import io.github.dynamokc.testing.aws.StreamView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A stream of open shards whose pages are made before anybody reads them, so that serving one costs
 * next to nothing but its way through the network. It answers for the stream of any table: each
 * round of a bench reads it as the stream of another table.
 */
final class RenderedStream implements Function<AwsRequest, Optional<AwsResponse>> {
  private static final int RECORDS_A_PAGE = 1000;
  private static final int BYTES_A_PAGE = 1 << 20;
  private static final long NOT_YET = Long.MIN_VALUE;

  private final List<List<AwsResponse>> pages = new ArrayList<>();
  private final Duration delay;
  private final AtomicLong firstRead = new AtomicLong(NOT_YET);
  private long bytes;

  /**
   * @param records how many in all shards together
   * @param delay how long GetRecords takes besides
   */
  RenderedStream(int shards, int records, Duration delay) {
    this.delay = delay;
    for (int shard = 0; shard < shards; shard++) {
      pages.add(
          render(
              shard,
              (int) ((long) records * shard / shards),
              (int) ((long) records * (shard + 1) / shards)));
    }
  }

  private List<AwsResponse> render(int shard, int from, int to) {
    List<AwsResponse> rendered = new ArrayList<>();
    List<String> page = new ArrayList<>();
    long now = Instant.now().getEpochSecond();
    long sizes = 0;
    for (int index = from; index < to; index++) {
      ScriptedRecord record = record(index, now);
      if (page.size() == RECORDS_A_PAGE || sizes + record.sizeBytes() > BYTES_A_PAGE) {
        rendered.add(page(shard, rendered.size(), page));
        page.clear();
        sizes = 0;
      }
      page.add(record.json());
      sizes += record.sizeBytes();
      bytes += record.sizeBytes();
    }
    rendered.add(page(shard, rendered.size(), page));
    return rendered;
  }

  private static ScriptedRecord record(int index, long epochSecond) {
    String id = new ItemId(index, 0).text();
    String number = "1%020d".formatted(index);
    return new ScriptedRecord(
        "%032x".formatted(index),
        "INSERT",
        "us-east-1",
        Items.key(id),
        Items.item(id),
        null,
        epochSecond,
        number,
        StreamView.NEW_AND_OLD_IMAGES,
        null);
  }

  private static AwsResponse page(int shard, int number, List<String> records) {
    return AwsResponse.ok(
        "{\"NextShardIterator\":\"%s\",\"Records\":[%s]}"
            .formatted(iterator(shard, number + 1), String.join(",", records)));
  }

  private static String iterator(int shard, int page) {
    return shard + ":" + page;
  }

  /** Keys and images of all records. */
  long bytes() {
    return bytes;
  }

  /** Forgets that somebody read. */
  void rewind() {
    firstRead.set(NOT_YET);
  }

  boolean wasRead() {
    return firstRead.get() != NOT_YET;
  }

  /** When GetRecords was called first since {@link #rewind}, as {@link System#nanoTime()}. */
  long firstRead() {
    if (!wasRead()) {
      throw new IllegalStateException("Nobody has read the stream");
    }
    return firstRead.get();
  }

  @Override
  public Optional<AwsResponse> apply(AwsRequest request) {
    return switch (request.action()) {
      case "DescribeStream" -> Optional.of(description(request));
      case "GetShardIterator" -> Optional.of(firstIterator(request));
      case "GetRecords" -> Optional.of(page(request.json().path("ShardIterator").asText()));
      default -> Optional.empty();
    };
  }

  private AwsResponse description(AwsRequest request) {
    String shards =
        IntStream.range(0, pages.size())
            .mapToObj(
                shard ->
                    "{\"ShardId\":\"%s\",\"SequenceNumberRange\":{\"StartingSequenceNumber\":\"%s\"}}"
                        .formatted(shardId(shard), "1" + "0".repeat(20)))
            .collect(Collectors.joining(","));
    return AwsResponse.ok(
        "{\"StreamDescription\":{\"StreamArn\":\"%s\",\"StreamStatus\":\"ENABLED\",\"Shards\":[%s]}}"
            .formatted(request.json().path("StreamArn").asText(), shards));
  }

  private static String shardId(int shard) {
    return "shardId-%020d-%08x".formatted(shard, shard);
  }

  private static AwsResponse firstIterator(AwsRequest request) {
    if (!request.json().path("ShardIteratorType").asText().equals("TRIM_HORIZON")) {
      throw new IllegalStateException("Not read from its beginning: " + request.json());
    }
    String shardId = request.json().path("ShardId").asText();
    int shard = Integer.parseInt(shardId.substring(shardId.lastIndexOf('-') + 1), 16);
    return AwsResponse.ok("{\"ShardIterator\":\"%s\"}".formatted(iterator(shard, 0)));
  }

  private AwsResponse page(String iterator) {
    firstRead.compareAndSet(NOT_YET, System.nanoTime());
    if (!delay.isZero()) {
      LockSupport.parkNanos(delay.toNanos());
    }
    int at = iterator.indexOf(':');
    int shard = Integer.parseInt(iterator.substring(0, at));
    int page = Integer.parseInt(iterator.substring(at + 1));
    List<AwsResponse> ofShard = pages.get(shard);
    return page < ofShard.size() ? ofShard.get(page) : page(shard, page - 1, List.of());
  }
}
