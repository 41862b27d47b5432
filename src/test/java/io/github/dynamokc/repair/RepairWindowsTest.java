package io.github.dynamokc.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.offset.ExportWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** After the windows are loaded, a store behind Kafka has what the table has. */
class RepairWindowsTest {
  private static final int RUNS = 3000;
  private static final Duration EXACT = Duration.ZERO;
  private static final Duration OVERLAP = Duration.ofMinutes(5);
  private static final long END = GapModel.BASE;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long SECOND = 1000;
  private static final long BEHIND = 5 * SECOND;
  private static final long UNCOMMITTED = 90 * SECOND;

  /** Positions are exact, and windows begin for them within seconds. */
  private static final Duration AROUND = Duration.ofSeconds(6);

  @Test
  void storesEqualTheTableButForGhosts() {
    for (int seed = 0; seed < RUNS; seed++) {
      GapModel model = new GapModel(seed, true, 1 + seed % 8, EXACT);
      assertStores(seed, model, AROUND);
    }
  }

  @Test
  void nearPositionsDifferOnlyAroundThem() {
    for (int seed = 0; seed < RUNS; seed++) {
      GapModel model = new GapModel(seed, false, 1 + seed % 60, EXACT);
      assertStores(seed, model, RepairWindows.AROUND_POSITION);
    }
  }

  @Test
  void clocksThatDifferCostOnlyWhatIsAroundPositions() {
    for (int seed = 0; seed < RUNS; seed++) {
      GapModel model = new GapModel(seed, false, 1 + seed % 8, Duration.ofSeconds(1));
      assertStores(seed, model, RepairWindows.AROUND_POSITION);
    }
  }

  /** The stream would begin before the time of the snapshot, and the gap does not. */
  @Test
  void aSnapshotThatTookTooLongIsBridgedFromItsTimeOn() {
    int failedFromTheStreamsStart = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      GapModel model = new GapModel(seed, true, 1, EXACT);
      model.beginWithSnapshot();
      assertStores(seed, model, AROUND);
      List<Long> before = List.of(model.positions.get(0) - model.overlap.toMillis());
      RepairWindows repair = RepairWindows.of(before, model.endMs, model.overlap);
      boolean failed = fails(model, repair, model.wrongAfter(repair.windows(), model::version));
      failedFromTheStreamsStart += failed ? 1 : 0;
    }
    assertThat(failedFromTheStreamsStart).isGreaterThan(RUNS / 200);
  }

  private static void assertStores(int seed, GapModel model, Duration around) {
    RepairWindows repair = RepairWindows.of(model.positions, model.endMs, model.overlap);
    assertThat(model.wrongAfter(repair.windows(), model::version))
        .as("seed %s: %s", seed, repair)
        .allMatch(wrong -> isExpected(wrong, repair, around));
  }

  /** It remains, was created before the position, and after what is said or a window began. */
  private static boolean isExpected(GapModel.Wrong wrong, RepairWindows repair, Duration around) {
    Long created = wrong.createdMs();
    if (created == null) {
      return false;
    }
    long near = around.toMillis();
    boolean isSaid =
        repair.ghosts().stream()
            .anyMatch(
                ghosts ->
                    created >= ghosts.fromMs() - near
                        && created <= ghosts.toMs() + SECOND
                        && wrong.deletedMs() <= ghosts.deletedToMs() + SECOND);
    return isSaid
        || (Math.abs(created - wrong.positionMs()) <= near
            && Math.abs(wrong.deletedMs() - wrong.positionMs()) <= near);
  }

  @Test
  void aLaterEndLeavesNoGhosts() {
    for (int seed = 0; seed < 500; seed++) {
      GapModel model = new GapModel(seed, true, 1 + seed % 8, EXACT);
      long end = Math.max(model.endMs, RepairWindows.earliestEndMs(model.positions));
      assertThat(RepairWindows.of(model.positions, end, model.overlap).ghosts()).isEmpty();
    }
  }

  @Test
  void theModelSeesWindowsThatAreMissing() {
    assertThat(runsThatFail(GapModel::chainOf)).isGreaterThan(RUNS / 20);
  }

  @Test
  void theModelSeesWindowsInTheWrongOrder() {
    assertThat(runsThatFail(windows -> windows.stream().sorted(GapModel.BACKWARDS).toList()))
        .isGreaterThan(RUNS / 20);
  }

  @Test
  void theModelSeesAWindowWidenedOverTheEndOfAnother() {
    assertThat(runsThatFail(RepairWindowsTest::widened)).isGreaterThan(RUNS / 100);
  }

  /** Windows of the chain begin earlier, but for the first. */
  private static List<ExportWindow> widened(List<ExportWindow> windows) {
    List<ExportWindow> chain = GapModel.chainOf(windows);
    List<ExportWindow> wide = new ArrayList<>(windows);
    for (ExportWindow window : chain.subList(Math.min(1, chain.size()), chain.size())) {
      long from = Math.max(window.fromMs() - 2 * HOUR, window.toMs() - 24 * HOUR);
      wide.set(wide.indexOf(window), new ExportWindow(from, window.toMs()));
    }
    return wide;
  }

  @Test
  void theModelSeesVersionsOfAWindowsBeginning() {
    int failed = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      GapModel model = new GapModel(seed, true, 1 + seed % 8, EXACT);
      RepairWindows repair = RepairWindows.of(model.positions, model.endMs, model.overlap);
      failed +=
          fails(model, repair, model.wrongAfter(repair.windows(), w -> w.fromMs() * 1000)) ? 1 : 0;
    }
    assertThat(failed).isGreaterThan(RUNS / 200);
  }

  /** A lineage that is not lost, but behind, is skipped up to the end like all others. */
  @Test
  void theModelSeesALineageThatIsLeftOut() {
    int failed = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      GapModel model = new GapModel(seed, true, 2 + seed % 8, EXACT);
      List<Long> some = model.positions.subList(0, model.positions.size() / 2);
      RepairWindows repair = RepairWindows.of(some, model.endMs, model.overlap);
      failed += fails(model, repair, model.wrongAfter(repair.windows(), model::version)) ? 1 : 0;
    }
    assertThat(failed).isGreaterThan(RUNS / 20);
  }

  private static int runsThatFail(UnaryOperator<List<ExportWindow>> fault) {
    int failed = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      GapModel model = new GapModel(seed, true, 1 + seed % 8, EXACT);
      RepairWindows repair = RepairWindows.of(model.positions, model.endMs, model.overlap);
      List<ExportWindow> windows = fault.apply(repair.windows());
      failed += fails(model, repair, model.wrongAfter(windows, model::version)) ? 1 : 0;
    }
    return failed;
  }

  private static boolean fails(GapModel model, RepairWindows repair, List<GapModel.Wrong> wrong) {
    return wrong.stream().anyMatch(item -> !isExpected(item, repair, AROUND));
  }

  @Test
  void aChainCoversTheGapAndAllEndWithItsWindows() {
    for (int seed = 0; seed < RUNS; seed++) {
      GapModel model = new GapModel(seed, seed % 2 == 0, 1 + seed % 60, EXACT);
      long end = model.endMs;
      List<Long> lost =
          model.positions.stream().filter(p -> p < end - model.overlap.toMillis()).toList();
      List<ExportWindow> windows = RepairWindows.of(model.positions, end, model.overlap).windows();
      if (lost.isEmpty()) {
        assertThat(windows).isEmpty();
        continue;
      }
      long first = lost.stream().mapToLong(Long::longValue).min().orElseThrow();
      List<ExportWindow> chain = GapModel.chainOf(windows);
      assertThat(chain.get(0).fromMs()).isLessThanOrEqualTo(first - model.overlap.toMillis());
      assertThat(chain.get(chain.size() - 1).toMs()).isEqualTo(end);
      assertThat(windows).doesNotHaveDuplicates();
      assertThat(windows)
          .allMatch(window -> chain.stream().anyMatch(piece -> piece.toMs() == window.toMs()));
      long days = (end - chain.get(0).fromMs()) / (24 * HOUR) + 1;
      assertThat(windows).as("seed %s", seed).hasSizeLessThanOrEqualTo((int) (96 + 2 * days));
      for (long position : lost) {
        assertThat(windows).anyMatch(window -> beginsFor(position, window, end, model.overlap));
      }
    }
  }

  private static boolean beginsFor(long position, ExportWindow window, long end, Duration overlap) {
    boolean begins = window.fromMs() <= position;
    boolean isAbove = window.toMs() - overlap.toMillis() >= position;
    return begins
        && isAbove
        && (window.toMs() - position >= 2 * overlap.toMillis()
            || overlap.compareTo(Duration.ofMinutes(10)) > 0
            || window.toMs() == end);
  }

  @Test
  void aGapOfThreeDaysIsAChainOfDays() {
    assertThat(of(72 * HOUR))
        .containsExactly(
            window(72 * HOUR + 5 * MINUTE, 72 * HOUR - 15 * MINUTE - UNCOMMITTED),
            window(72 * HOUR, 72 * HOUR - 15 * MINUTE - UNCOMMITTED),
            window(72 * HOUR - BEHIND, 72 * HOUR - 15 * MINUTE - UNCOMMITTED),
            window(72 * HOUR - UNCOMMITTED, 72 * HOUR - 15 * MINUTE - UNCOMMITTED),
            window(72 * HOUR - 15 * MINUTE - UNCOMMITTED, 47 * HOUR + 49 * MINUTE),
            window(47 * HOUR + 49 * MINUTE, 23 * HOUR + 54 * MINUTE + 30 * SECOND),
            window(23 * HOUR + 54 * MINUTE + 30 * SECOND, 0));
  }

  @Test
  void aGapOfMinutesIsWidenedToTheShortestWindow() {
    RepairWindows repair = RepairWindows.of(List.of(END - 6 * MINUTE), END, OVERLAP);
    assertThat(repair.windows()).containsExactly(window(15 * MINUTE, 0));
    assertThat(repair.ghosts())
        .containsExactly(new Ghosts(END - 15 * MINUTE, END - 6 * MINUTE, END));
    assertThat(repair.ghosts().get(0))
        .hasToString(
            "Items that were created between 2025-12-31T23:45:00Z and 2025-12-31T23:54:00Z and deleted before 2026-01-01T00:00:00Z may remain");
  }

  @Test
  void windowsAtPositionsHoursApartEndSoonAfter() {
    List<ExportWindow> windows = of(30 * HOUR, 24 * HOUR);
    assertThat(windows)
        .contains(
            window(30 * HOUR - BEHIND, 30 * HOUR - 15 * MINUTE - UNCOMMITTED),
            window(24 * HOUR - UNCOMMITTED, 24 * HOUR - 15 * MINUTE - UNCOMMITTED));
  }

  @Test
  void windowsBeginWithRecoveryIfThatIsShortlyBeforeThePosition() {
    List<Long> lost = List.of(END - 30 * HOUR);
    long earliest = END - 30 * HOUR - MINUTE - 1;
    assertThat(RepairWindows.of(lost, END, OVERLAP, earliest).windows().get(0).fromMs())
        .isEqualTo(END - 30 * HOUR - MINUTE);
    for (long tooLateOrEarly : new long[] {END - 29 * HOUR, END - 31 * HOUR, Long.MIN_VALUE}) {
      assertThat(RepairWindows.of(lost, END, OVERLAP, tooLateOrEarly).windows().get(0).fromMs())
          .isEqualTo(END - 30 * HOUR - 5 * MINUTE);
    }
  }

  @Test
  void nothingIsRepairedThatTheStreamStillTells() {
    assertThat(of(5 * MINUTE, MINUTE)).isEmpty();
    assertThat(RepairWindows.of(List.of(), END, OVERLAP).windows()).isEmpty();
  }

  @Test
  void manyPositionsShareWindowsAndThatIsSaid() {
    List<Long> positions =
        LongStream.range(0, 200).mapToObj(i -> END - 100 * HOUR + i * 10 * MINUTE).toList();
    RepairWindows repair = RepairWindows.of(positions, END, OVERLAP);
    assertThat(repair.windows()).hasSizeLessThan(105);
    assertThat(repair.ghosts()).isNotEmpty();
  }

  @Test
  void aBrokenEndOrOverlapIsRefused() {
    assertThatThrownBy(() -> RepairWindows.of(List.of(0L), 1001, OVERLAP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RepairWindows.of(List.of(0L), END, Duration.ofHours(7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT6H");
  }

  private static List<ExportWindow> of(long... before) {
    List<Long> positions = LongStream.of(before).mapToObj(ms -> END - ms).toList();
    return RepairWindows.of(positions, END, OVERLAP).windows();
  }

  private static ExportWindow window(long fromBefore, long toBefore) {
    return new ExportWindow(END - fromBefore, END - toBefore);
  }
}
