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

  private final LatestObservations observations = new LatestObservations(List.of("a", "b"));

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
    observations.put(FIRST);
    observations.put(LATER);
    assertThat(news).isNotDone();
    observations.put(SECOND);

    assertThat(news.get(10, TimeUnit.SECONDS)).containsExactly(LATER, SECOND);
  }

  @Test
  void aSlowTableDoesNotHoldTheNewsOfAnother() throws Exception {
    observations.put(FIRST);
    observations.put(SECOND);
    assertThat(observations.awaitChange(Duration.ofSeconds(20))).containsExactly(FIRST, SECOND);
    CompletableFuture<List<ObservedTable>> news = awaited();
    assertThat(news).isNotDone();
    observations.put(LATER);

    assertThat(news.get(10, TimeUnit.SECONDS)).containsExactly(LATER, SECOND);
  }

  @Test
  void theSameAgainIsNoNews() throws Exception {
    observations.put(FIRST);
    observations.put(SECOND);
    List<ObservedTable> seen = observations.awaitChange(Duration.ofSeconds(20));
    CompletableFuture<List<ObservedTable>> news = awaited();
    observations.put(new ObservedTable.Preparing("a", 1));
    assertThat(news).isNotDone();
    observations.put(new ObservedTable.Preparing("b", 2));

    assertThat(news.get(10, TimeUnit.SECONDS).get(0)).isSameAs(seen.get(0));
  }

  /** Shares that stay uneven are no news, and still a reason for another plan. */
  @Test
  void withoutNewsTheSameIsHandedOutNowAndThen() throws Exception {
    observations.put(FIRST);
    observations.put(SECOND);
    List<ObservedTable> seen = observations.awaitChange(Duration.ofSeconds(20));

    assertThat(observations.awaitChange(Duration.ofMillis(1))).isEqualTo(seen);
  }

  /** A table that comes later is taken in when it was observed; nobody waits for it. */
  @Test
  void aTableThatComesLaterDoesNotHoldTheOthers() throws Exception {
    observations.put(FIRST);
    observations.put(SECOND);
    observations.add("0");
    assertThat(observations.awaitChange(Duration.ofSeconds(20))).containsExactly(FIRST, SECOND);
    ObservedTable added = new ObservedTable.Preparing("0", 1);
    observations.put(added);

    assertThat(observations.awaitChange(Duration.ofSeconds(20)))
        .containsExactly(FIRST, SECOND, added);
  }

  @Test
  void aTableThatIsLeftIsNotSeenAgain() throws Exception {
    observations.put(FIRST);
    observations.put(SECOND);
    observations.awaitChange(Duration.ofSeconds(20));
    observations.remove("a");
    observations.put(LATER);

    assertThat(observations.awaitChange(Duration.ofSeconds(20))).containsExactly(SECOND);
  }

  @Test
  void withoutTablesThereIsAnAnswerAtOnce() throws Exception {
    assertThat(new LatestObservations(List.of()).awaitChange(Duration.ofHours(1))).isEmpty();
  }
}
