package io.github.dynamokc.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.plan.ObservedTable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Plans need every table once, and news of any of them from then on. */
class LatestObservationsTest {
  private static final ObservedTable FIRST = new ObservedTable.Preparing("a", 1);
  private static final ObservedTable SECOND = new ObservedTable.Preparing("b", 1);
  private static final ObservedTable LATER = new ObservedTable.Completed("a", true);

  private final LatestObservations observations = new LatestObservations(2);

  private CompletableFuture<List<ObservedTable>> awaited() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return observations.awaitChange(Duration.ofSeconds(20));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void thereIsNoNewsBeforeEachTableWasObserved() throws Exception {
    CompletableFuture<List<ObservedTable>> news = awaited();
    observations.put(0, FIRST);
    observations.put(0, LATER);
    assertThat(news).isNotDone();
    observations.put(1, SECOND);

    assertThat(news.get(10, TimeUnit.SECONDS)).containsExactly(LATER, SECOND);
  }

  @Test
  void aSlowTableDoesNotHoldTheNewsOfAnother() throws Exception {
    observations.put(0, FIRST);
    observations.put(1, SECOND);
    assertThat(observations.awaitChange(Duration.ofSeconds(20))).containsExactly(FIRST, SECOND);
    CompletableFuture<List<ObservedTable>> news = awaited();
    assertThat(news).isNotDone();
    observations.put(0, LATER);

    assertThat(news.get(10, TimeUnit.SECONDS)).containsExactly(LATER, SECOND);
  }

  @Test
  void theSameAgainIsNoNews() throws Exception {
    observations.put(0, FIRST);
    observations.put(1, SECOND);
    List<ObservedTable> seen = observations.awaitChange(Duration.ofSeconds(20));
    CompletableFuture<List<ObservedTable>> news = awaited();
    observations.put(0, new ObservedTable.Preparing("a", 1));
    assertThat(news).isNotDone();
    observations.put(1, LATER);

    assertThat(news.get(10, TimeUnit.SECONDS).get(0)).isSameAs(seen.get(0));
  }

  /** Shares that stay uneven are no news, and still a reason for another plan. */
  @Test
  void withoutNewsTheSameIsHandedOutNowAndThen() throws Exception {
    observations.put(0, FIRST);
    observations.put(1, SECOND);
    List<ObservedTable> seen = observations.awaitChange(Duration.ofSeconds(20));

    assertThat(observations.awaitChange(Duration.ofMillis(1))).isEqualTo(seen);
  }
}
