package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a scripted stream forgets when. */
class ScriptedRetentionTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration MILLI = Duration.ofMillis(1);

  private final ManualClock clock = new ManualClock(Instant.parse("2023-11-15T03:54:01Z"));
  private final ScriptedStreams streams = new ScriptedStreams(clock);
  private final ScriptedStream stream = streams.create("t", "2023-11-15T03:54:01.123", "PK");

  @BeforeEach
  void forgetAfterADay() {
    streams.retain(DAY);
  }

  @Test
  void recordsGoWhenTheyAreOlderThanADay() {
    String shard = stream.addShard();
    append(shard, "a");
    clock.advance(Duration.ofHours(1));
    append(shard, "b");
    clock.advance(Duration.ofHours(23));
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("a", "b");
    clock.advance(MILLI);
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("b");
    clock.advance(Duration.ofHours(1));
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).isEmpty();
  }

  /** The second that a record claims is not when it was appended. */
  @Test
  void recordsAreAsOldAsTheyWereAppended() {
    String shard = stream.addShard();
    long longAgo = clock.instant().minus(DAY).minus(DAY).getEpochSecond();
    stream.append(shard, ScriptedChange.insert(key("a"), key("a")).at(longAgo));
    clock.advance(DAY);

    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("a");
  }

  @Test
  void aForgottenPositionIsRefusedAndTheOneBehindItIsNot() {
    String shard = stream.addShard();
    String a = append(shard, "a");
    clock.advance(Duration.ofHours(1));
    String b = append(shard, "b");
    clock.advance(Duration.ofHours(23).plus(MILLI));

    assertFails("TrimmedDataAccessException", () -> iterator(shard, "AFTER_SEQUENCE_NUMBER", a));
    assertFails("TrimmedDataAccessException", () -> iterator(shard, "AT_SEQUENCE_NUMBER", a));
    assertThat(read(iterator(shard, "AT_SEQUENCE_NUMBER", b))).containsExactly("b");
    clock.advance(Duration.ofHours(1));
    assertFails("TrimmedDataAccessException", () -> iterator(shard, "AFTER_SEQUENCE_NUMBER", b));
    append(shard, "c");
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("c");
  }

  @Test
  void anIteratorIsRefusedOnlyIfARecordBehindItWentUnread() {
    String shard = stream.addShard();
    append(shard, "a");
    clock.advance(DAY.minus(Duration.ofMinutes(5)));
    String beforeA = iterator(shard, "TRIM_HORIZON", null);
    String afterA = next(streams.getRecords(beforeA, null));
    clock.advance(Duration.ofMinutes(6));

    assertFails("TrimmedDataAccessException", () -> streams.getRecords(beforeA, null));
    append(shard, "b");
    assertThat(read(afterA)).containsExactly("b");
  }

  @Test
  void aClosedShardGoesADayAfterItsEnd() {
    String shard = stream.addShard();
    String iterator = iterator(shard, "TRIM_HORIZON", null);
    clock.advance(Duration.ofHours(5));
    String last = append(shard, "a");
    stream.rollOver(shard, "shard-2");
    clock.advance(DAY);
    assertThat(listed()).containsExactlyInAnyOrder(shard, "shard-2");
    assertThat(read(iterator(shard, "AT_SEQUENCE_NUMBER", last))).containsExactly("a");
    String late = iterator(shard, "TRIM_HORIZON", null);
    clock.advance(MILLI);

    assertThat(listed()).containsExactly("shard-2");
    assertFails("ResourceNotFoundException", () -> iterator(shard, "TRIM_HORIZON", null));
    assertFails("ResourceNotFoundException", () -> streams.getRecords(late, null));
    assertFails("ExpiredIteratorException", () -> streams.getRecords(iterator, null));
    assertThat(stream.parentOf("shard-2")).isEqualTo(shard);
    clock.advance(DAY);
    assertThat(listed()).as("an open shard stays").containsExactly("shard-2");
  }

  @Test
  void aStreamGoesADayAfterItWasDisabled() {
    String shard = stream.addShard();
    append(shard, "a");
    stream.disable();
    clock.advance(DAY);
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("a");
    assertThat(streams.listStreams("t")).containsExactly(stream);
    clock.advance(MILLI);

    assertFails("ResourceNotFoundException", () -> streams.describeStream(stream.arn()));
    assertFails("ResourceNotFoundException", () -> iterator(shard, "TRIM_HORIZON", null));
    assertThat(streams.listStreams("t")).isEmpty();
  }

  @Test
  void streamsToComeForgetTooAndNoneDoesUnlessToldSo() {
    ScriptedStream later = streams.create("t", "2023-11-16T03:54:01.123", "PK");
    String shard = later.addShard();
    later.append(shard, ScriptedChange.insert(key("a"), key("a")));
    ScriptedStreams forever = new ScriptedStreams(clock);
    ScriptedStream kept = forever.create("t", "2023-11-16T03:54:01.123", "PK");
    kept.addShard("1", null);
    kept.append("1", ScriptedChange.insert(key("a"), key("a")));
    clock.advance(DAY.plus(MILLI));

    assertThat(keys(streams, streams.getShardIterator(later.arn(), shard, "TRIM_HORIZON", null)))
        .isEmpty();
    assertThat(keys(forever, forever.getShardIterator(kept.arn(), "1", "TRIM_HORIZON", null)))
        .containsExactly("a");
  }

  @Test
  void whatWasGivenTellsUpToWhenAShardIsRead() {
    String shard = stream.addShard();
    stream.paging().pageSize(1);
    append(shard, "a");
    clock.advance(Duration.ofMinutes(1));
    append(shard, "b");
    long b = clock.millis();
    clock.advance(Duration.ofMinutes(1));
    assertThat(stream.givenUpToMs()).isEmpty();
    RecordsPage first = streams.getRecords(iterator(shard, "TRIM_HORIZON", null), null);
    assertThat(stream.givenUpToMs().get(shard)).as("a").isEqualTo(b - 60_000);
    RecordsPage second = streams.getRecords(next(first), null);
    assertThat(stream.givenUpToMs().get(shard)).as("b").isEqualTo(b);
    RecordsPage empty = streams.getRecords(next(second), null);
    long readAll = clock.millis();
    for (int more = 0; more < 4; more++) {
      assertThat(stream.givenUpToMs().get(shard)).as("perhaps all there is").isEqualTo(b);
      clock.advance(Duration.ofSeconds(1));
      empty = streams.getRecords(next(empty), null);
    }
    assertThat(stream.givenUpToMs().get(shard)).as("all there was").isEqualTo(readAll);
    stream.close(shard);
    clock.advance(Duration.ofMinutes(1));
    streams.getRecords(next(empty), null);

    assertThat(stream.givenUpToMs().get(shard)).as("of a closed shard").isEqualTo(readAll);
  }

  private String append(String shard, String key) {
    return stream.append(shard, ScriptedChange.insert(key(key), key(key)));
  }

  private static String key(String key) {
    return "{\"PK\":{\"S\":\"" + key + "\"}}";
  }

  private String iterator(String shard, String type, @Nullable String number) {
    return streams.getShardIterator(stream.arn(), shard, type, number);
  }

  private static String next(RecordsPage page) {
    String next = page.nextShardIterator();
    assertThat(next).isNotNull();
    return next;
  }

  private List<String> listed() {
    return streams.describeStream(stream.arn()).shards().stream()
        .map(StreamListing.ListedShard::shardId)
        .toList();
  }

  private List<String> read(String iterator) {
    return keys(streams, iterator);
  }

  private static List<String> keys(ScriptedStreams of, String iterator) {
    return of.getRecords(iterator, null).records().stream()
        .map(record -> record.keys().split("\"")[5])
        .toList();
  }

  private static void assertFails(String errorCode, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsErrorException.class, e -> assertThat(e.errorCode()).isEqualTo(errorCode));
  }
}
