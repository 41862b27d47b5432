package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/**
 * Versions grow along a lineage even when time does not, and a restart or a rollover, which both
 * carry the last version on, gives the same ones again.
 */
class DocumentVersionTest {
  private static List<Long> versions(long previous, List<Long> createdAtMs) {
    List<Long> versions = new ArrayList<>();
    for (long at : createdAtMs) {
      previous = DocumentVersion.next(previous, at);
      versions.add(previous);
    }
    return versions;
  }

  @Test
  void versionsGrowWhenTimeStandsStillOrStepsBack() {
    List<Long> times = List.of(1699336310_000L, 1699336310_000L, 1699336309_000L, 1699336311_000L);
    assertThat(versions(DocumentVersion.NONE, times))
        .containsExactly(
            1699336310_000000L, 1699336310_000001L, 1699336310_000002L, 1699336311_000000L);
  }

  @Test
  void aRestartOrARolloverBetweenTwoChangesGivesTheSameVersions() {
    long first = DocumentVersion.next(DocumentVersion.NONE, 1699336310_000L);
    assertThat(versions(first, List.of(1699336310_000L, 1699336309_000L, 1699336311_000L)))
        .containsExactly(1699336310_000001L, 1699336310_000002L, 1699336311_000000L);
  }

  @Test
  void millisecondsOfATimeDoNotCount() {
    assertThat(DocumentVersion.next(0, 1699336310_999L)).isEqualTo(1699336310_000000L);
  }

  @Test
  void itemsOfAnExportAreBelowEveryChangeThatIsKept() {
    long keptAfter = 1700020441123L - 300_000;
    assertThat(DocumentVersion.ofExport(keptAfter)).isEqualTo(1700020141123000L);
    long firstKeptSecond = (keptAfter / 1000 + 1) * 1000;
    assertThat(DocumentVersion.next(DocumentVersion.NONE, firstKeptSecond))
        .isGreaterThan(DocumentVersion.ofExport(keptAfter));
  }

  @Property
  void versionsGrowStrictlyWhateverTheTimes(
      @ForAll @LongRange(max = 4_000_000_000_000_000L) long previous,
      @ForAll @Size(max = 50) List<@LongRange(max = 4_000_000_000_000L) Long> times) {
    long last = previous;
    for (long version : versions(previous, times)) {
      assertThat(version).isGreaterThan(last);
      last = version;
    }
  }

  @Property
  void aRestartAnywhereGivesTheSameVersions(
      @ForAll @Size(min = 1, max = 20) List<@LongRange(max = 4_000_000_000_000L) Long> times,
      @ForAll @IntRange(max = 19) int place) {
    int at = place % times.size();
    List<Long> all = versions(DocumentVersion.NONE, times);
    long carried = at == 0 ? DocumentVersion.NONE : all.get(at - 1);
    assertThat(versions(carried, times.subList(at, times.size())))
        .isEqualTo(all.subList(at, times.size()));
  }
}
