package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks restart at most once in a while for several tables, and at once for one alone. */
class PlanPaceTest {
  private static final long MINUTE = 60_000;
  private final PlanPace pace = new PlanPace(Duration.ofMillis(MINUTE));

  @Test
  void theFirstPlanDoesNotWait() {
    assertThat(pace.waitMs(Set.of("a", "b"), 1)).isZero();
  }

  @Test
  void oneTableThatMovesAloneDoesNotWait() {
    for (long now = 0; now < 5; now++) {
      assertThat(pace.waitMs(Set.of("a"), now)).isZero();
      pace.planned(Set.of("a"), now);
    }
  }

  @Test
  void anotherTableWaitsForTheRestOfTheMinute() {
    pace.planned(Set.of("a"), 1_000);

    assertThat(pace.waitMs(Set.of("b"), 11_000)).isEqualTo(50_000);
    assertThat(pace.waitMs(Set.of("b"), 61_000)).isZero();
  }

  /** Those that will soon want a plan are waited for as well. */
  @Test
  void severalTablesWait() {
    pace.planned(Set.of(), 0);

    assertThat(pace.waitMs(Set.of("a", "b"), 10_000)).isEqualTo(50_000);
  }

  @Test
  void aClockThatIsSetBackMakesNobodyWait() {
    pace.planned(Set.of("a", "b"), 10 * MINUTE);

    assertThat(pace.waitMs(Set.of("a", "b"), MINUTE)).isZero();
  }

  /** Whatever happens when: two plans within a minute are for one and the same table. */
  @Test
  void plansForSeveralTablesAreAMinuteApart() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      PlanPace random1 = new PlanPace(Duration.ofMillis(MINUTE));
      long now = 0;
      long before = -1;
      Set<String> plannedBefore = Set.of();
      for (int step = 0; step < 300; step++) {
        now += random.nextInt(20_000);
        Set<String> concerned = someOf(random);
        if (concerned.isEmpty() || random1.waitMs(concerned, now) > 0) {
          continue;
        }
        boolean alone = concerned.size() == 1 && plannedBefore.equals(concerned);
        if (before >= 0 && now - before < MINUTE) {
          assertThat(alone).as("seed %d at %d", seed, now).isTrue();
        }
        random1.planned(concerned, now);
        before = now;
        plannedBefore = concerned;
      }
    }
  }

  private static Set<String> someOf(Random random) {
    return IntStream.range(0, 4)
        .filter(table -> random.nextInt(4) == 0)
        .mapToObj(table -> "table-" + table)
        .collect(Collectors.toSet());
  }
}
