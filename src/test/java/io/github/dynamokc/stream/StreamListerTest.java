package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listing is whole or none; what fails on the way is tried again where that can help. */
class StreamListerTest {
  private static final String STREAM = "arn:stream";

  private final Queue<Supplier<ShardPage>> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final StreamLister lister =
      new StreamLister(
          new Listings(),
          RateLimiter.ofMonitor(System::nanoTime, 1e9),
          () -> {},
          new Retrier(new ImpatientLatch(), clock, () -> 0L, Duration.ofMinutes(10)),
          clock);

  @Test
  void pagesFollowOneAnother() throws InterruptedException {
    answer("1", "2");
    answer("2", "3");
    answer("3", null);

    assertThat(list()).containsExactly("1", "2", "3");
    assertThat(asked).containsExactly("null", "2", "3");
  }

  @Test
  void whatOneListingLacksIsStillThere() throws InterruptedException {
    answer("1", null);
    answer("2", null);
    assertThat(list()).containsExactly("1");

    assertThat(list()).containsExactlyInAnyOrder("1", "2");
    assertThat(asked).containsExactly("null", "null");
  }

  @Test
  void pagesThatCameAreKeptWhileOneIsTriedAgain() throws InterruptedException {
    answer("1", "1");
    fail(StreamApiException.Kind.TRANSIENT);
    fail(StreamApiException.Kind.TRANSIENT);
    answer("2", null);

    assertThat(list()).containsExactly("1", "2");
    assertThat(asked).containsExactly("null", "1", "1", "1");
  }

  @Test
  void aStreamThatIsNotFoundHasNoListing() throws InterruptedException {
    fail(StreamApiException.Kind.NOT_FOUND);

    assertThat(lister.list(STREAM)).isNull();
    assertThat(asked).hasSize(1);
  }

  /** The shard that the page would follow may be gone; the stream is not. */
  @Test
  void aLaterPageThatIsNotFoundIsTriedAgain() throws InterruptedException {
    answer("1", "1");
    fail(StreamApiException.Kind.NOT_FOUND);
    answer("1", "1");
    answer("2", null);

    assertThat(list()).containsExactly("1", "2");
    assertThat(asked).containsExactly("null", "1", "null", "1");
  }

  /** As after a long pause between two pages. */
  @Test
  void aStreamThatGoesAwayBetweenTwoPagesHasNoListing() throws InterruptedException {
    answer("1", "1");
    fail(StreamApiException.Kind.NOT_FOUND);
    fail(StreamApiException.Kind.NOT_FOUND);

    assertThat(lister.list(STREAM)).isNull();
    assertThat(asked).containsExactly("null", "1", "null");
  }

  @Test
  void accessThatIsRefusedForNowIsTriedAgain() throws InterruptedException {
    fail(StreamApiException.Kind.REFUSED);
    answer("2", null);

    assertThat(list()).containsExactly("2");
  }

  @Test
  void aStreamThatExistsIsWaitedFor() throws InterruptedException {
    fail(StreamApiException.Kind.NOT_FOUND);
    fail(StreamApiException.Kind.NOT_FOUND);
    answer("1", null);

    assertThat(lister.listExisting(STREAM)).extracting(Shard::id).containsExactly("1");
  }

  @Test
  void aStreamThatExistsAndIsNeverFoundFails() {
    for (int minute = 0; minute < 20; minute++) {
      fail(StreamApiException.Kind.NOT_FOUND);
    }

    assertThatThrownBy(() -> lister.listExisting(STREAM))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("stall.timeout.ms=600000")
        .hasMessageContaining("NOT_FOUND said");
  }

  @ParameterizedTest
  @EnumSource(names = {"PERMANENT", "ITERATOR_EXPIRED", "POSITION_TRIMMED"})
  void aBadRequestFailsAtOnce(StreamApiException.Kind kind) throws InterruptedException {
    answer("1", null);
    list();
    fail(kind);

    assertThatThrownBy(() -> lister.list(STREAM))
        .isInstanceOf(ConnectException.class)
        .hasMessage(kind + " said");
  }

  @Test
  void anErrorThatIsNotOfTheStreamIsHandedOn() {
    IllegalStateException bug = new IllegalStateException("bug");
    answers.add(
        () -> {
          throw bug;
        });

    assertThatThrownBy(() -> lister.list(STREAM)).isSameAs(bug);
  }

  private @Nullable List<String> list() throws InterruptedException {
    List<Shard> shards = lister.list(STREAM);
    return shards == null ? null : shards.stream().map(Shard::id).toList();
  }

  private void answer(String shard, @Nullable String last) {
    answers.add(() -> new ShardPage(List.of(new Shard(shard, null, null)), last, true));
  }

  /** The next answer, which takes a minute, is a failure. */
  private void fail(StreamApiException.Kind kind) {
    answers.add(
        () -> {
          clock.advance(Duration.ofMinutes(1));
          throw new StreamApiException(kind, kind + " said", null);
        });
  }

  /** Answers listings, and nothing else. */
  private final class Listings implements StreamApi {
    @Override
    public ShardPage list(String streamArn, @Nullable String afterShard) {
      asked.add(String.valueOf(afterShard));
      return answers.remove().get();
    }

    @Override
    public List<Shard> children(String streamArn, String parent) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String iterator(String streamArn, String shardId, ShardPosition position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RecordsPage records(String streamArn, String shardId, String iterator) {
      throw new UnsupportedOperationException();
    }
  }
}
