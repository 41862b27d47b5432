package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Plans of small, telling cases, and what makes a plan fall. */
class PlannerTest {
  private static final ExportFiles EXPORT = new ExportFiles("arn", 1, "bucket", "manifest");

  @Test
  void aTaskIsAssignedRootsTogetherWithTheirChildren() {
    Plan plan =
        plan(2, shard("001", null), shard("002", null), shard("003", "001"), shard("004", "002"));

    assertThat(assigned(plan)).containsExactly(List.of("001"), List.of("002"));
  }

  @Test
  void aFinishedParentGivesWayToItsChildren() {
    Plan plan = plan(2, done("001", null), shard("003", "001"), shard("004", "001"));

    assertThat(assigned(plan)).containsExactly(List.of("003"), List.of("004"));
  }

  @Test
  void aParentCountsAsDoneWhenADescendantHasAnOffset() {
    Plan plan =
        plan(
            1,
            new ObservedShard("001", null, "5", new ShardOffset.Read("4", 1, 1, null), false),
            shard("002", "001"),
            new ObservedShard("003", "002", null, new ShardOffset.Started(1, 1, null), false));

    assertThat(assigned(plan)).containsExactly(List.of("003"));
  }

  @Test
  void aParentWithoutACommittedEndIsReadAgainForItsChild() {
    Plan plan =
        plan(
            1,
            new ObservedShard("001", null, "5", new ShardOffset.Read("4", 1, 1, null), false),
            shard("002", "001"),
            new ObservedShard("003", "001", null, new ShardOffset.Started(1, 1, null), false));

    assertThat(assigned(plan)).containsExactly(List.of("001"));
  }

  @Test
  void aLineageOfLostOffsetsIsReadFromItsLastKnownVersion() {
    Plan plan =
        plan(
            1,
            new ObservedShard("001", null, "5", new ShardOffset.Read("4", 9, 1, null), false),
            shard("002", "001"),
            shard("003", "002"),
            started("004", "002"));

    assertThat(assigned(plan)).containsExactly(List.of("001"));
  }

  @Test
  void aFinishedShardWithoutAListedChildIsAssigned() {
    assertThat(assigned(plan(1, done("001", null)))).containsExactly(List.of("001"));
  }

  @Test
  void aPlanFallsWhenAChildIsOverdueUnlessItNamesTheChildItself() {
    Plan plan = plan(1, shard("001", null));
    ObservedShard[] later = {
      done("001", null), started("002", "001"), new ObservedShard("003", "001", null, null, true)
    };

    assertThat(plan.isStillValid(List.of(streaming(later)))).isFalse();
    Plan replanned = plan(1, later);
    assertThat(assigned(replanned)).containsExactly(List.of("002", "003"));
    assertThat(replanned.isStillValid(List.of(streaming(later)))).isTrue();
  }

  @Test
  void aStreamWithNothingLeftStillHasATaskThatAnnounces() {
    Plan plan = plan(3);

    assertThat(plan.tasks())
        .containsExactly(
            new TaskAssignment(
                List.of(
                    new TableWork.ReadShards(
                        "table", "stream", List.of(), List.of(), true, null, null))));
  }

  @Test
  void exactlyOneTaskAnnouncesThatTheExportIsLoaded() {
    Plan plan = plan(3, shard("001", null), shard("002", null), shard("003", null));

    assertThat(plan.tasks()).hasSize(3);
    assertThat(
            plan.tasks().stream()
                .filter(t -> ((TableWork.ReadShards) t.work().get(0)).announceLoaded()))
        .hasSize(1);
  }

  @Test
  void theLongestFilesGoFirstToTheLeastLoadedTask() {
    Plan plan = Planner.plan(List.of(loading(files(5, 0, 100, 60, 50, 3))), 2);

    assertThat(plan.tasks())
        .containsExactly(
            new TaskAssignment(
                List.of(new TableWork.LoadFiles("table", EXPORT, IndexRanges.parse("0,2,5")))),
            new TaskAssignment(
                List.of(new TableWork.LoadFiles("table", EXPORT, IndexRanges.parse("3-4")))));
  }

  @Test
  void thereAreNoMoreTasksThanPiecesOfWork() {
    assertThat(Planner.plan(List.of(new ObservedTable.Preparing("table", 1)), 8).tasks())
        .hasSize(1);
    assertThat(Planner.plan(List.of(loading(files(1, 1, 0))), 8).tasks()).hasSize(2);
  }

  @Test
  void tenThousandShardsFitIntoOneTasksConfig() {
    ObservedShard[] shards =
        IntStream.range(0, 10_000)
            .mapToObj(PlannerTest::child)
            .flatMap(List::stream)
            .toArray(ObservedShard[]::new);

    TaskAssignment assignment = plan(1, shards).tasks().get(0);
    String config = assignment.toConfig();

    assertThat(config.length()).isLessThan(1_000_000);
    assertThat(TaskAssignment.fromConfig(config)).isEqualTo(assignment);
  }

  /** A shard that a config has most to say of: closed, and with what its parent leaves to it. */
  private static List<ObservedShard> child(int number) {
    String parent = "shardId-000000016993%08d-%08x".formatted(number, number * 0x9E3779B9);
    return List.of(
        of(
            parent,
            null,
            "5",
            new ShardOffset.Finished("4", 1_699_336_310_000_000L + number, 1, 1, null)),
        of(
            "shardId-000000026993%08d-%08x".formatted(number, number * 0x7F4A7C15),
            parent,
            "4958732%014d".formatted(number * 7_919L),
            null));
  }

  @Test
  void aPlanStandsWhileItsWorkProgresses() {
    Plan plan = Planner.plan(List.of(loading(files(10, 20, 30))), 2);
    List<ObservedFile> later = new ArrayList<>(files(10, 20, 30));
    later.set(0, new ObservedFile(10, 10, true));
    later.set(1, new ObservedFile(20, 7, false));

    assertThat(plan.isStillValid(List.of(loading(later)))).isTrue();
  }

  @Test
  void aPlanFallsWhenAPhaseChanges() {
    Plan plan = Planner.plan(List.of(new ObservedTable.Preparing("table", 1)), 2);

    assertThat(plan.isStillValid(List.of(new ObservedTable.Preparing("table", 1)))).isTrue();
    assertThat(plan.isStillValid(List.of(new ObservedTable.Preparing("table", 2)))).isFalse();
    assertThat(plan.isStillValid(List.of(loading(files(1))))).isFalse();
    assertThat(plan.isStillValid(List.of(new ObservedTable.Completed("table", true)))).isFalse();
    assertThat(plan.isStillValid(List.of(streaming(shard("001", null))))).isFalse();
  }

  @Test
  void aPlanFallsWhenAShardOfAnUnknownLineageAppears() {
    Plan plan = plan(1, shard("001", null));

    assertThat(plan.isStillValid(List.of(streaming(shard("001", null), shard("002", "001")))))
        .isTrue();
    assertThat(plan.isStillValid(List.of(streaming(shard("001", null), shard("009", null)))))
        .isFalse();
  }

  @Test
  void aPlanStandsWhenItsAssignedShardsAreRetired() {
    Plan plan = plan(1, shard("001", null));
    ObservedShard ended = of("001", "007", "5", new ShardOffset.Finished("4", 1, 1, 1, "001"));
    ObservedShard open = of("008", "007", null, new ShardOffset.Started(1, 1, "001"));

    assertThat(
            plan.isStillValid(
                List.of(streaming(done("001", null), done("002", "001"), shard("003", "002")))))
        .isTrue();
    assertThat(plan.isStillValid(List.of(streaming(ended, open)))).isTrue();
  }

  @Test
  void aPlanFallsWhenAForgottenLineageNamesAnotherPlansShard() {
    Plan plan = plan(1, shard("001", null));
    ObservedShard others = of("008", "007", null, new ShardOffset.Started(1, 1, "000"));
    ObservedShard unnamed = of("008", "007", null, new ShardOffset.Started(1, 1, null));

    assertThat(plan.isStillValid(List.of(streaming(others)))).isFalse();
    assertThat(plan.isStillValid(List.of(streaming(unnamed)))).isFalse();
  }

  @Test
  void aPlanFallsWhenAChildIsOverdueThatItsTaskMissed() {
    Plan plan = plan(1, shard("001", null));
    ObservedShard missed = new ObservedShard("003", "001", null, null, true);

    assertThat(
            plan.isStillValid(List.of(streaming(done("001", null), started("002", "001"), missed))))
        .isFalse();
  }

  @Test
  void finishedShardsOfAnEarlierRunAreNamedOnceForRetirement() {
    Plan plan =
        plan(
            2,
            done("001", null),
            done("002", "001"),
            of("003", "002", "5", null),
            started("004", "003"),
            done("011", null),
            started("012", "011"));

    assertThat(assigned(plan)).containsExactly(List.of("004"), List.of("012"));
    assertThat(
            plan.tasks().stream()
                .flatMap(task -> ((TableWork.ReadShards) task.work().get(0)).retire().stream()))
        .containsExactlyInAnyOrder("001", "002", "011");
  }

  @Test
  void oneTaskCommitsTheChangeToAnotherStream() {
    ObservedTable.Streaming next =
        new ObservedTable.Streaming(
            "table",
            "next",
            List.of(shard("001", null), shard("002", null)),
            false,
            new ObservedTable.Streaming.Ended("stream", 7, 5));
    Plan plan = Planner.plan(List.of(next), 2);

    assertThat(plan.tasks()).hasSize(2);
    assertThat(
            plan.tasks().stream()
                .map(task -> ((TableWork.ReadShards) task.work().get(0)).replaces()))
        .containsExactly(
            new TableWork.Replacement("stream", true, 7, 5),
            new TableWork.Replacement("stream", false, 7, 5));
    assertThat(
            plan.isStillValid(
                List.of(new ObservedTable.Streaming("table", "next", next.shards(), false, null))))
        .as("once it is committed")
        .isTrue();
  }

  @Test
  void aPlanFallsWhenTheStreamIsAnotherOne() {
    Plan plan = plan(1, shard("001", null));

    assertThat(
            plan.isStillValid(
                List.of(
                    new ObservedTable.Streaming(
                        "table", "other stream", List.of(shard("001", null)), false, null))))
        .isFalse();
  }

  @Test
  void aSnapshotIsDoneOnlyWhenEveryFileWithItemsIs() {
    List<ObservedFile> files = new ArrayList<>(files(0, 3, 4));
    assertThat(loading(files).done()).isFalse();
    files.set(1, new ObservedFile(3, 3, true));
    files.set(2, new ObservedFile(4, 4, false));
    assertThat(loading(files).done()).as("all items, but not verified").isFalse();
    files.set(2, new ObservedFile(4, 4, true));
    assertThat(loading(files).done()).isTrue();
    assertThat(loading(List.of()).done()).isTrue();
  }

  @Test
  void indexRangesAreShortAndReadBack() {
    assertThat(IndexRanges.of(List.of(9, 0, 1, 2, 3, 7, 10, 11, 12)).text())
        .isEqualTo("0-3,7,9-12");
    assertThat(IndexRanges.parse("0-3,7,9-12").indexes())
        .containsExactly(0, 1, 2, 3, 7, 9, 10, 11, 12);
    assertThat(IndexRanges.parse("").indexes()).isEmpty();
    assertThatThrownBy(() -> IndexRanges.parse("5-3")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IndexRanges.parse("1,")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMalformedAssignmentIsRefused() {
    assertThatThrownBy(() -> TaskAssignment.fromConfig("{\"work\":[{\"work\":\"fly\"}]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(TaskAssignment.CONFIG_KEY);
  }

  private static Plan plan(int tasks, ObservedShard... shards) {
    return Planner.plan(List.of(streaming(shards)), tasks);
  }

  private static List<List<String>> assigned(Plan plan) {
    return plan.tasks().stream()
        .map(
            task ->
                ((TableWork.ReadShards) task.work().get(0))
                    .shards().stream().map(AssignedShard::id).toList())
        .toList();
  }

  private static ObservedTable.Streaming streaming(ObservedShard... shards) {
    return new ObservedTable.Streaming("table", "stream", List.of(shards), true, null);
  }

  private static ObservedTable.Loading loading(List<ObservedFile> files) {
    return new ObservedTable.Loading("table", EXPORT, files);
  }

  private static List<ObservedFile> files(long... items) {
    return Arrays.stream(items).mapToObj(i -> new ObservedFile(i, 0, false)).toList();
  }

  private static ObservedShard shard(String id, @Nullable String parent) {
    return new ObservedShard(id, parent, null, null, false);
  }

  private static ObservedShard started(String id, String parent) {
    return new ObservedShard(id, parent, null, new ShardOffset.Started(1, 1, null), false);
  }

  private static ObservedShard done(String id, @Nullable String parent) {
    return new ObservedShard(id, parent, "5", new ShardOffset.Finished("4", 1, 1, 1, null), false);
  }

  private static ObservedShard of(
      String id, @Nullable String parent, @Nullable String ending, @Nullable ShardOffset offset) {
    return new ObservedShard(id, parent, ending, offset, false);
  }
}
