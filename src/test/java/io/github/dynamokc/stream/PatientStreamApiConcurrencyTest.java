package io.github.dynamokc.stream;

import static io.github.dynamokc.testing.Schedules.check;
import static io.github.dynamokc.testing.Schedules.together;

import io.github.dynamokc.lineage.Shard;
import io.github.dynamokc.testing.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The failures of all shards of a stream count together, in every schedule. */
@Tag(Schedules.TAG)
class PatientStreamApiConcurrencyTest {
  /** Streams that no read gets an answer from. */
  private static final class Failing implements StreamApi {
    @Override
    public ShardPage list(String streamArn, @Nullable String afterShard) {
      throw new UnsupportedOperationException();
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
      throw new StreamApiException(StreamApiException.Kind.TRANSIENT, "no answer", null);
    }
  }

  @Test
  void firstFailuresOfTwoShardsAreOneSeries() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          AtomicInteger looks = new AtomicInteger();
          StreamApi api =
              new PatientStreamApi(
                  new Failing(),
                  () -> Instant.ofEpochSecond(looks.incrementAndGet()),
                  Duration.ofSeconds(1));
          AtomicInteger over = new AtomicInteger();
          Schedules.Action read =
              () -> {
                try {
                  api.records("arn", "shard", "iterator");
                } catch (StreamApiException e) {
                  if (e.kind() == StreamApiException.Kind.PERMANENT) {
                    over.incrementAndGet();
                  }
                }
              };
          together(read, read);
          check(over.get() == 1, "over for " + over.get());
        });
  }
}
