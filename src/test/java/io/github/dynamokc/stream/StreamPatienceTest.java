package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised of a stream is kept of the whole, however many shards share the threads. */
class StreamPatienceTest {
  private static final Duration HANG = Duration.ofSeconds(45);

  /** Of four threads, one has its answer every quarter of the time that a call hangs. */
  private static final Duration BETWEEN_ANSWERS = HANG.dividedBy(4);

  private final StreamWorld world = new StreamWorld();

  @BeforeEach
  void readsTakeLong() {
    world.streams.onCall(
        call -> {
          if (call.operation() == StreamOperation.GET_RECORDS) {
            world.clock.advance(BETWEEN_ANSWERS);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100, 1000})
  void aStreamThatHangsFailsInTimeHoweverManyItsShards(int shards) throws InterruptedException {
    addShards(shards);
    world.streams.failAlways(StreamOperation.GET_RECORDS, StreamFault.connectionReset());
    world.start(1);
    Instant before = world.clock.instant();
    ConnectException failure = world.failure(Duration.ofDays(3));

    assertThat(failure).hasMessageContaining("stall.timeout.ms=600000");
    assertThat(Duration.between(before, world.clock.instant()))
        .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(13));
  }

  @Test
  void oneShardThatIsReadIsEnoughForTheStream() {
    addShards(2);
    StreamApi api = patient();
    for (int round = 0; round < 30; round++) {
      world.streams.failNext(StreamOperation.GET_SHARD_ITERATOR, 1, StreamFault.connectionReset());
      assertThat(kindOfFailure(() -> open(api, "shard-0")))
          .isEqualTo(StreamApiException.Kind.TRANSIENT);
      open(api, "shard-1");
      world.clock.advance(Duration.ofMinutes(1));
    }
  }

  @Test
  void aStreamThatIsListedIsNotRead() {
    addShards(1);
    StreamApi api = patient();
    world.streams.failAlways(
        StreamOperation.GET_SHARD_ITERATOR, StreamFault.accessDenied("dynamodb:GetShardIterator"));
    for (int minute = 0; minute < 10; minute++) {
      assertThat(kindOfFailure(() -> open(api, "shard-0")))
          .isEqualTo(StreamApiException.Kind.REFUSED);
      api.list(world.stream.arn(), null);
      world.clock.advance(Duration.ofMinutes(1));
    }

    assertThat(kindOfFailure(() -> open(api, "shard-0")))
        .isEqualTo(StreamApiException.Kind.PERMANENT);
  }

  private StreamApi patient() {
    return new PatientStreamApi(
        new ScriptedStreamApi(world.streams), world.clock, Duration.ofMinutes(10));
  }

  private void open(StreamApi api, String shard) {
    api.iterator(world.stream.arn(), shard, new ShardPosition.TrimHorizon());
  }

  private static StreamApiException.Kind kindOfFailure(Runnable call) {
    return catchThrowableOfType(StreamApiException.class, call::run).kind();
  }

  private void addShards(int shards) {
    for (int shard = 0; shard < shards; shard++) {
      world.stream.addShard("shard-" + shard, null);
    }
  }
}
