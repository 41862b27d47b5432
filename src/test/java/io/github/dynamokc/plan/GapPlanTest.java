package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ExportWindow;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which plan a table has whose stream has lost changes, and for how long it stands. */
class GapPlanTest {
  private static final long HOUR = 3_600_000;
  private static final ExportWindow FIRST = new ExportWindow(HOUR, 2 * HOUR);
  private static final ExportWindow SECOND = new ExportWindow(2 * HOUR, 3 * HOUR);

  @Test
  void aHoldIsOfOneTaskAndStandsWhileTheGapGrows() {
    Plan plan = Planner.plan(List.of(holding(9, 1, null)), 3);

    assertThat(work(plan)).singleElement().isInstanceOf(TableWork.HoldStream.class);
    assertThat(plan.isStillValid(List.of(holding(5, 4, null)))).isTrue();
    assertThat(plan.isStillValid(List.of(holding(9, 1, 7L)))).as("another gap").isFalse();
    assertThat(again(plan)).isEqualTo(plan);
  }

  @Test
  void windowsAreExportedByOneTaskUntilSomeFail() {
    Plan plan = Planner.plan(List.of(exporting(5, List.of())), 3);

    assertThat(work(plan)).singleElement().isInstanceOf(TableWork.ExportGap.class);
    assertThat(plan.isStillValid(List.of(exporting(5, List.of())))).isTrue();
    assertThat(plan.isStillValid(List.of(exporting(6, List.of())))).isFalse();
    assertThat(plan.isStillValid(List.of(exporting(5, List.of("arn"))))).isFalse();
    assertThat(again(plan)).isEqualTo(plan);
  }

  @Test
  void windowsThatEndTogetherAreSharedOutAsOneLoad() {
    ObservedTable.LoadingGap both =
        new ObservedTable.LoadingGap("orders", List.of(loading("a", FIRST), loading("b", FIRST)));
    Plan plan = Planner.plan(List.of(both), 2);

    assertThat(plan.tasks()).hasSize(2);
    assertThat(work(plan))
        .allMatch(TableWork.LoadFiles.class::isInstance)
        .extracting(work -> ((TableWork.LoadFiles) work).export().exportArn())
        .contains("a", "b");
    assertThat(plan.isStillValid(List.of(both))).isTrue();
    assertThat(
            plan.isStillValid(
                List.of(new ObservedTable.LoadingGap("orders", List.of(loading("c", SECOND))))))
        .isFalse();
    assertThat(again(plan)).isEqualTo(plan);
  }

  @Test
  void aStreamIsReadByNoPlanFromBeforeTheRepair() {
    Plan before = Planner.plan(List.of(streaming(null, null)), 2);
    Plan after = Planner.plan(List.of(streaming(8L, new TableWork.LoadedChanges(3, 1))), 2);

    assertThat(before.isStillValid(List.of(streaming(8L, null)))).isFalse();
    assertThat(after.isStillValid(List.of(streaming(8L, null)))).isTrue();
    assertThat(work(after))
        .filteredOn(work -> ((TableWork.ReadShards) work).announceRepaired() != null)
        .as("said by one task")
        .hasSize(1);
    assertThat(again(after)).isEqualTo(after);
  }

  /** As Connect hands it to the tasks. */
  private static Plan again(Plan plan) {
    return new Plan(
        plan.tasks().stream().map(task -> TaskAssignment.fromConfig(task.toConfig())).toList());
  }

  private static List<TableWork> work(Plan plan) {
    return plan.tasks().stream().flatMap(task -> task.work().stream()).toList();
  }

  private static ObservedTable holding(long from, int shards, @Nullable Long repairedUpTo) {
    return new ObservedTable.Holding(
        new TableWork.HoldStream(
            "orders",
            "stream",
            new TableWork.Gap("away", shards, from, false, null, 0, List.of()),
            false,
            repairedUpTo,
            null));
  }

  private static ObservedTable exporting(long heldSince, List<String> failed) {
    return new ObservedTable.ExportingGap(
        new TableWork.ExportGap(
            "orders", heldSince, 4, List.of(FIRST, SECOND), "what remains", failed));
  }

  private static ObservedTable.Loading loading(String arn, ExportWindow window) {
    return new ObservedTable.Loading(
        "orders",
        ExportFiles.of(window, arn, "bucket", "manifest-files.json"),
        List.of(new ObservedFile(5, 0, false), new ObservedFile(0, 0, false)));
  }

  private static ObservedTable streaming(
      @Nullable Long repairedUpTo, TableWork.@Nullable LoadedChanges due) {
    List<ObservedShard> shards =
        Stream.of("1", "2").map(id -> new ObservedShard(id, null, null, null, false)).toList();
    return new ObservedTable.Streaming(
        "orders",
        "stream",
        new Lineage(shards),
        new ObservedTable.Streaming.Due(false, due, null),
        repairedUpTo,
        List.of(),
        null);
  }
}
