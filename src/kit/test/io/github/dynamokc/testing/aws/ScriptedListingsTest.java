package io.github.dynamokc.testing.aws;

import static io.github.dynamokc.testing.aws.StreamOperation.DESCRIBE_STREAM;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_RECORDS;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_SHARD_ITERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.ManualClock;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that are not the whole truth, as those of AWS are at times. */
class ScriptedListingsTest {
  private final ManualClock clock = new ManualClock(Instant.parse("2023-11-15T03:54:01Z"));
  private final ScriptedStreams streams = new ScriptedStreams(clock);
  private final ScriptedStream stream = streams.create("t", "2023-11-15T03:54:01.123", "PK");

  @BeforeEach
  void threeGenerations() {
    stream.addShard("001", null);
    stream.rollOver("001", "002");
    stream.rollOver("002", "003");
  }

  @Test
  void oneAnswerLacksAShardInTheMiddle() {
    stream.visibility().hideNext("002", 1);

    assertThat(listed()).containsExactly("001", "003");
    assertThat(listed()).containsExactly("001", "002", "003");
  }

  @Test
  void aShardIsHiddenForATime() {
    stream.visibility().hideFor("002", Duration.ofMinutes(2));
    clock.advance(Duration.ofMillis(119_999));
    assertThat(listed()).containsExactly("001", "003");
    clock.advance(Duration.ofMillis(1));

    assertThat(listed()).containsExactly("001", "002", "003");
  }

  @Test
  void aCopyThatLagsShowsNewShardsLateAndClosedOnesAsOpen() {
    clock.advance(Duration.ofHours(1));
    stream.visibility().replicas(1, Duration.ofMinutes(3));
    stream.rollOver("003", "004");
    assertThat(listed()).containsExactly("001", "002", "003");
    assertThat(open()).containsExactly("003");
    clock.advance(Duration.ofMinutes(3));

    assertThat(listed()).containsExactly("001", "002", "003", "004");
    assertThat(open()).containsExactly("004");
  }

  @Test
  void callersAreAnsweredFromDifferentCopies() {
    clock.advance(Duration.ofHours(1));
    stream.visibility().replicas(1, Duration.ZERO, Duration.ofMinutes(3));
    stream.rollOver("003", "004");
    Set<List<String>> answers = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      answers.add(listed());
    }
    assertThat(answers)
        .containsExactlyInAnyOrder(
            List.of("001", "002", "003"), List.of("001", "002", "003", "004"));
    stream.visibility().showAll();

    assertThat(listed()).contains("004");
  }

  @Test
  void whatIsLeftOutByChanceIsTheSameForTheSameSeed() {
    stream.visibility().omit(7, 0.3);
    List<List<String>> answers = tenAnswers();
    assertThat(new HashSet<>(answers)).hasSizeGreaterThan(2);
    stream.visibility().omit(7, 0.3);

    assertThat(tenAnswers()).isEqualTo(answers);
    stream.visibility().showAll();
    assertThat(new HashSet<>(tenAnswers())).hasSize(1);
  }

  @Test
  void pagesOverlap() {
    stream.rollOver("003", "004");
    stream.rollOver("004", "005");
    stream.visibility().pages(3, 2);

    assertThat(pages())
        .containsExactly(
            List.of("001", "002", "003"),
            List.of("002", "003", "004"),
            List.of("003", "004", "005"));
  }

  @Test
  void anOpenShardsPageComesOnceWithoutANextIterator() {
    stream.paging().omitNextIterators(1);
    assertThat(first("001").nextShardIterator()).as("closed anyway").isNull();
    stream.append("003", ScriptedChange.insert("{\"PK\":{\"S\":\"a\"}}", "{}"));
    RecordsPage once = first("003");

    assertThat(once.records()).hasSize(1);
    assertThat(once.nextShardIterator()).isNull();
    assertThat(first("003").nextShardIterator()).isNotNull();
  }

  @Test
  void aFaultLastsForATime() {
    streams.failFor(DESCRIBE_STREAM, Duration.ofSeconds(25), StreamFault.notFound());
    streams.failFor(GET_SHARD_ITERATOR, "002", Duration.ofSeconds(5), StreamFault.notFound());
    first("001");
    assertFails("ResourceNotFoundException", () -> first("002"));
    clock.advance(Duration.ofSeconds(24));
    first("002");
    assertFails("ResourceNotFoundException", this::listed);
    clock.advance(Duration.ofSeconds(1));

    assertThat(listed()).hasSize(3);
  }

  @Test
  void aCallHangsAndFails() {
    String iterator = streams.getShardIterator(stream.arn(), "003", "TRIM_HORIZON", null);
    streams.failNext(GET_RECORDS, 1, StreamFault.hang(clock, Duration.ofSeconds(45)));
    Instant before = clock.instant();

    assertThatThrownBy(() -> streams.getRecords(iterator, null))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(clock.instant()).isEqualTo(before.plusSeconds(45));
    streams.getRecords(iterator, null);
  }

  @Test
  void anIteratorIsInvalidOnce() {
    streams.failNext(GET_RECORDS, 1, StreamFault.invalidIterator());

    assertFails("ValidationException", () -> first("003"));
    first("003");
  }

  private RecordsPage first(String shard) {
    return streams.getRecords(
        streams.getShardIterator(stream.arn(), shard, "TRIM_HORIZON", null), null);
  }

  private List<List<String>> tenAnswers() {
    List<List<String>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(listed());
    }
    return answers;
  }

  private List<List<String>> pages() {
    List<List<String>> pages = new ArrayList<>();
    @Nullable String start = null;
    do {
      StreamListing page = streams.describeStream(stream.arn(), null, start, null);
      pages.add(page.shards().stream().map(StreamListing.ListedShard::shardId).toList());
      start = page.lastEvaluatedShardId();
    } while (start != null);
    return pages;
  }

  private List<String> listed() {
    return streams.describeStream(stream.arn()).shards().stream()
        .map(StreamListing.ListedShard::shardId)
        .toList();
  }

  private List<String> open() {
    return streams.describeStream(stream.arn()).shards().stream()
        .filter(shard -> shard.endingSequenceNumber() == null)
        .map(StreamListing.ListedShard::shardId)
        .toList();
  }

  private static void assertFails(String errorCode, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsErrorException.class, e -> assertThat(e.errorCode()).isEqualTo(errorCode));
  }
}
