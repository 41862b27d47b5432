package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.ManualClock;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.ScriptedStreams;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What ended before the start need not be read, if a change shows that it did. */
class EndedBeforeStartTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final ShardOffset READ = new ShardOffset.Read("5", 7, 1, "lineage");

  private static final Duration BETWEEN = Duration.ofMinutes(10);

  private final ManualClock clock = new ManualClock(BEGIN);
  private final ScriptedStreams streams = new ScriptedStreams(clock);
  private final ScriptedStream stream = streams.create("orders", "2026-01-01T00:00:00.000", "pk");
  private final StreamApi api = new ScriptedStreamApi(streams);
  private final Map<String, ShardOffset> offsets = new HashMap<>();
  private EndedBeforeStart history = history();
  private final String first = stream.addShard();
  private long startMs = Long.MAX_VALUE;

  @Test
  void allAboveTheOpenShardEndedBeforeTheStart() throws InterruptedException {
    String second = rollOver(first);
    String third = rollOver(second);
    start();

    assertThat(ended()).containsExactlyInAnyOrder(first, second);
    assertThat(stream.openShards()).containsExactly(third);
  }

  @Test
  void whatEndedAfterTheStartIsLeftAndWhatIsAboveItIsNot() throws InterruptedException {
    String second = rollOver(first);
    start();
    String third = rollOver(second);
    rollOver(third);

    assertThat(ended()).containsExactly(first);
  }

  @Test
  void aChangeOfTheMomentOfTheStartIsBeforeIt() throws InterruptedException {
    write(first);
    startMs = clock.millis();
    stream.rollOver(first);

    assertThat(ended()).containsExactly(first);
  }

  @Test
  void theFirstChangeOfAChildIsAProofToo() throws InterruptedException {
    stream.paging().endsPastLastRecord(true);
    String second = rollOver(first);
    write(second);
    start();

    assertThat(ended()).containsExactly(first);
  }

  @Test
  void theTimesOfChangesAreApproximate() throws InterruptedException {
    stream.paging().endsPastLastRecord(true);
    String second = rollOver(first);
    write(second);
    startMs = clock.millis() - BETWEEN.toMillis() + 59_000;
    assertThat(ended()).isEmpty();
  }

  @Test
  void aShardWithoutChangesProvesNothing() throws InterruptedException {
    stream.rollOver(first);
    start();

    assertThat(ended()).isEmpty();
  }

  @Test
  void aShardThatShowsNoChildIsToBeLookedAfter() throws InterruptedException {
    write(first);
    stream.close(first);
    start();

    assertThat(ended()).isEmpty();
    assertThat(streams.calls(StreamOperation.GET_RECORDS)).isZero();
  }

  @Test
  void oneChildOfASplitIsEnoughForTheParent() throws InterruptedException {
    write(first);
    List<String> children = stream.split(first);
    write(children.get(0));
    String grandchild = stream.rollOver(children.get(0));
    start();

    assertThat(ended()).containsExactlyInAnyOrder(first, children.get(0));
    assertThat(stream.openShards()).containsExactlyInAnyOrder(children.get(1), grandchild);
  }

  /** Another plan may have it read from there on. */
  @Test
  void whatIsBelowAShardWithAnOffsetIsLeftAsItIs() throws InterruptedException {
    String second = rollOver(first);
    String third = rollOver(second);
    rollOver(third);
    start();
    offsets.put(second, READ);
    assertThat(ended()).isEmpty();
    offsets.clear();
    stream.remove(first);
    offsets.put(first, READ);
    history = history();
    assertThat(ended()).as("a parent that is not listed").isEmpty();
    offsets.clear();
    history = history();
    assertThat(ended()).containsExactlyInAnyOrder(second, third);
    offsets.put(second, READ);

    assertThat(ended()).as("an offset that came later").isEmpty();
  }

  @Test
  void whatIsReadIsNotLookedAt() throws InterruptedException {
    String second = rollOver(first);
    offsets.put(rollOver(second), READ);
    start();

    assertThat(ended()).isEmpty();
    assertThat(streams.calls(StreamOperation.GET_RECORDS)).isZero();
  }

  /** The other one is idle: what is above both would have to be read for it. */
  @Test
  void oneChildOfASplitThatIsReadChangesNothing() throws InterruptedException {
    write(first);
    List<String> children = stream.split(first);
    start();
    assertThat(ended()).containsExactly(first);
    offsets.put(children.get(0), READ);
    assertThat(ended()).containsExactly(first);
    history = history();

    assertThat(ended()).as("after a restart").containsExactly(first);
  }

  @Test
  void aStreamThatIsWantedFromItsBeginningIsNotLookedAt() throws InterruptedException {
    rollOver(first);
    startMs = -1;

    assertThat(ended()).isEmpty();
    assertThat(streams.calls(StreamOperation.GET_SHARD_ITERATOR)).isZero();
  }

  @Test
  void whatEndsLaterIsNotLookedAt() throws InterruptedException {
    String second = rollOver(first);
    start();
    Set<String> ended = ended();
    int calls = streams.calls(StreamOperation.GET_RECORDS);
    assertThat(ended()).isEqualTo(ended);
    stream.rollOver(second);

    assertThat(ended()).isEqualTo(ended);
    assertThat(streams.calls(StreamOperation.GET_RECORDS)).isEqualTo(calls);
  }

  @Test
  void aFailureIsTriedAgain() throws InterruptedException {
    rollOver(first);
    start();
    streams.failNext(
        StreamOperation.GET_RECORDS, 2, new StreamFault.Failure(500, "InternalServerError", ""));

    assertThat(ended()).containsExactly(first);
  }

  @Test
  void anAnswerThatItIsNotThereProvesNothing() throws InterruptedException {
    rollOver(first);
    start();
    streams.failAlways(
        StreamOperation.GET_SHARD_ITERATOR,
        new StreamFault.Failure(400, "ResourceNotFoundException", "not found"));
    assertThat(ended()).isEmpty();
    streams.clearFaults();

    assertThat(ended()).as("the same listing is judged once").isEmpty();
  }

  private EndedBeforeStart history() {
    return new EndedBeforeStart(
        api, new Retrier(new ImpatientLatch(), clock, () -> 0L, Duration.ofMinutes(10)), () -> {});
  }

  private void write(String shard) {
    stream.append(shard, StreamWorld.put("a", 1));
    clock.advance(BETWEEN);
  }

  private String rollOver(String shard) {
    write(shard);
    return stream.rollOver(shard);
  }

  private void start() {
    startMs = clock.millis();
    clock.advance(BETWEEN);
  }

  private Set<String> ended() throws InterruptedException {
    List<Shard> listed = api.list(stream.arn(), null).shards();
    List<ObservedShard> observed =
        listed.stream().map(s -> ShardListing.observed(s, offsets.get(s.id()))).toList();
    return history.of(
        stream.arn(),
        listed,
        offsets,
        new StreamStart(startMs, startMs, -1),
        () -> new Lineage(observed));
  }
}
