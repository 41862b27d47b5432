package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.ObservedShard;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ObservedTableTest {
  private static final ExportFiles EXPORT = new ExportFiles("arn:export", 1, "bucket", "files");

  /** Each kind, its phase, whether another phase comes next, and the kind of its work. */
  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(new ObservedTable.Preparing("orders", 2), "Preparing", true, "prepare"),
        Arguments.of(
            new ObservedTable.Loading("orders", EXPORT, List.of(new ObservedFile(5, 2, false))),
            "Loading",
            true,
            "loadFiles"),
        Arguments.of(
            new ObservedTable.Streaming(
                "orders",
                "arn:stream",
                List.of(new ObservedShard("001", null, null, null, false)),
                false,
                null),
            "Streaming",
            false,
            "readShards"),
        Arguments.of(new ObservedTable.Completed("orders", true), "Completed", false, "complete"),
        Arguments.of(
            new ObservedTable.Parked(new TableWork.Park("orders", 1, "denied")),
            "Parked",
            false,
            "park"),
        Arguments.of(
            new ObservedTable.Removing(new TableWork.Remove("orders", "id-1", "deleted")),
            "Removing",
            true,
            "remove"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachPhaseHasWorkOfItsKindThatItsPlanCovers(
      ObservedTable table, String phase, boolean awaitsNextPhase, String work) {
    Plan plan = Planner.plan(List.of(table), 3);

    assertThat(table.phase()).isEqualTo(phase);
    assertThat(table.awaitsNextPhase()).isEqualTo(awaitsNextPhase);
    assertThat(dispatched(plan)).containsExactly(work);
    assertThat(plan.isStillValid(List.of(table))).isTrue();
    kinds()
        .map(kind -> (ObservedTable) kind.get()[0])
        .filter(other -> !other.phase().equals(phase))
        .forEach(other -> assertThat(plan.isStillValid(List.of(other))).as("%s", other).isFalse());
  }

  @Test
  void committedItemsOfADoneFileAreAllOfIt() {
    assertThat(new ObservedFile(5, 2, false).committed()).isEqualTo(2);
    assertThat(new ObservedFile(5, 2, true).committed()).isEqualTo(5);
  }

  @Test
  void aPlanOfAnotherAttemptOrTableDoesNotCoverThePreparation() {
    Plan plan = Planner.plan(List.of(new ObservedTable.Preparing("orders", 2)), 3);

    assertThat(plan.isStillValid(List.of(new ObservedTable.Preparing("orders", 3)))).isFalse();
    assertThat(plan.isStillValid(List.of(new ObservedTable.Preparing("users", 2)))).isFalse();
  }

  /** A reason may have other words each time; what is to be done is the same. */
  @Test
  void aFurtherFailureOfAParkedTableIsNoReasonForAPlan() {
    ObservedTable parked = new ObservedTable.Parked(new TableWork.Park("orders", 1, "denied"));
    Plan plan = Planner.plan(List.of(parked), 3);

    assertThat(
            plan.isStillValid(
                List.of(new ObservedTable.Parked(new TableWork.Park("orders", 2, "gone")))))
        .isTrue();
  }

  /** That its offsets are taken away is no reason to restart the tasks once more. */
  @Test
  void aTableThatIsRemovedNeedsNoOtherPlan() {
    ObservedTable removing =
        new ObservedTable.Removing(new TableWork.Remove("orders", "id-1", "deleted"));
    ObservedTable other = new ObservedTable.Completed("users", false);
    Plan plan = Planner.plan(List.of(removing, other), 3);
    assertThat(plan.isStillValid(List.of(other))).isTrue();
    assertThat(
            plan.isStillValid(
                List.of(
                    new ObservedTable.Removing(new TableWork.Remove("orders", "id-2", "deleted")),
                    other)))
        .as("another table of the name")
        .isFalse();

    assertThat(Planner.plan(List.of(other), 3).isStillValid(List.of())).as("left").isFalse();
  }

  private static List<String> dispatched(Plan plan) {
    List<String> called = new ArrayList<>();
    TableWork.Handler handler =
        new TableWork.Handler() {
          @Override
          public void prepare(TableWork.Prepare work) {
            called.add("prepare");
          }

          @Override
          public void loadFiles(TableWork.LoadFiles work) {
            called.add("loadFiles");
          }

          @Override
          public void awaitListing(TableWork.AwaitListing work) {
            called.add("awaitListing");
          }

          @Override
          public void readShards(TableWork.ReadShards work) {
            called.add("readShards");
          }

          @Override
          public void holdStream(TableWork.HoldStream work) {
            called.add("holdStream");
          }

          @Override
          public void exportGap(TableWork.ExportGap work) {
            called.add("exportGap");
          }

          @Override
          public void complete(TableWork.Complete work) {
            called.add("complete");
          }

          @Override
          public void park(TableWork.Park work) {
            called.add("park");
          }

          @Override
          public void remove(TableWork.Remove work) {
            called.add("remove");
          }
        };
    plan.tasks().forEach(task -> task.work().forEach(work -> work.dispatch(handler)));
    return called;
  }
}
