package io.github.dynamokc.monitor;

import static io.github.dynamokc.testing.Schedules.check;
import static io.github.dynamokc.testing.Schedules.together;

import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.testing.Schedules;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The last table that is observed wakes the planner, in every schedule. */
@Tag(Schedules.TAG)
class LatestObservationsConcurrencyTest {
  private final ObservedTable first = new ObservedTable.Preparing("a", 1);
  private final ObservedTable second = new ObservedTable.Preparing("b", 1);
  private final ObservedTable later = new ObservedTable.Completed("a", true);

  @Test
  void theLastTableWakesThePlanner() {
    Schedules.tryOut(
        Schedules.FEW,
        () -> {
          LatestObservations observations = new LatestObservations(List.of("a", "b"));
          together(
              () -> {
                observations.put(first);
                observations.put(later);
              },
              () -> observations.put(second),
              () -> {
                List<ObservedTable> seen = observations.awaitChange(Duration.ofHours(1));
                check(seen.get(0) == first || seen.get(0) == later, "the first table");
                check(seen.get(1) == second, "the second table");
              });
          check(observations.awaitChange(Duration.ofHours(1)).get(0) == later, "the latest");
        });
  }
}
