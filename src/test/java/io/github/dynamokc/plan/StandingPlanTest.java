package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Another plan restarts all tasks: it is for other work or uneven shares, never for progress. */
class StandingPlanTest {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final ExportFiles EXPORT = new ExportFiles("arn", 1, "bucket", "manifest");

  private final StandingPlan standing = new StandingPlan(4, Duration.ZERO, null);

  @Test
  void theFirstObservationGivesAPlan() {
    assertThat(update(preparing(1)))
        .isEqualTo(new Plan(List.of(task(new TableWork.Prepare("orders", 1)))));
  }

  @Test
  void theSameAgainGivesNoOtherPlan() {
    update(preparing(1));

    assertThat(update(preparing(1))).isNull();
  }

  @Test
  void theProgressOfALoadGivesNoOtherPlan() {
    assertThat(update(loading(file(5, 0, false), file(3, 0, false)))).isNotNull();
    assertThat(update(loading(file(5, 2, false), file(3, 0, false)))).isNull();
    assertThat(update(loading(file(5, 5, true), file(3, 1, false)))).isNull();

    assertThat(update(loading(file(5, 5, true), file(3, 3, true)))).isNull();
  }

  @Test
  void theProgressOfAStreamGivesNoOtherPlan() {
    assertThat(update(streaming(shard("1", null, null)))).isNotNull();
    assertThat(update(streaming(shard("1", null, new ShardOffset.Read("5", 1, 1, "1"))))).isNull();
    assertThat(
            update(
                streaming(
                    shard("1", null, new ShardOffset.Finished("9", 2, 1, 1, "1")),
                    shard("2", "1", null))))
        .isNull();
    assertThat(update(streaming(shard("2", "1", new ShardOffset.Read("12", 3, 1, "1"))))).isNull();

    assertThat(
            update(
                streaming(
                    shard("2", "1", new ShardOffset.Finished("12", 3, 1, 1, "1")),
                    shard("3", "2", new ShardOffset.Started(3, 1, "1")),
                    shard("4", "2", new ShardOffset.Started(3, 1, "1")))))
        .isNull();
  }

  @Test
  void theCommitThatAnExportIsLoadedGivesNoOtherPlan() {
    update(new ObservedTable.Completed("orders", true));
    assertThat(update(new ObservedTable.Completed("orders", false))).isNull();
    List<ObservedShard> shards = List.of(shard("1", null, null));
    update(new ObservedTable.Streaming("orders", "stream", shards, true, null));

    assertThat(update(new ObservedTable.Streaming("orders", "stream", shards, false, null)))
        .isNull();
  }

  /** A plan that was committed before may lack what is due by now. */
  @Test
  void whatIsDueOfATableItselfIsSomebodysToCommit() {
    List<ObservedShard> shards = List.of(shard("1", null, null));
    ObservedTable streaming = new ObservedTable.Streaming("orders", "stream", shards, false, null);
    ObservedTable announcing = new ObservedTable.Streaming("orders", "stream", shards, true, null);
    ObservedTable replacing =
        new ObservedTable.Streaming(
            "orders", "stream", shards, false, new ObservedTable.Streaming.Ended("before", 7, 5));
    Plan committed = Planner.plan(List.of(streaming), 4);
    assertThat(new StandingPlan(4, Duration.ZERO, committed).update(List.of(streaming), 0))
        .isSameAs(committed);
    for (ObservedTable due : List.of(announcing, replacing)) {
      assertThat(new StandingPlan(4, Duration.ZERO, committed).update(List.of(due), 0))
          .isEqualTo(Planner.plan(List.of(due), 4));
    }

    Plan completed = Planner.plan(List.of(new ObservedTable.Completed("orders", false)), 4);
    assertThat(completed.isStillValid(List.of(new ObservedTable.Completed("orders", true))))
        .isFalse();
  }

  @Test
  void anotherPhaseGivesAnotherPlanOnce() {
    update(preparing(1));
    assertThat(update(loading(file(5, 0, false)))).isNotNull();
    assertThat(update(loading(file(5, 0, false)))).isNull();
    assertThat(update(streaming(shard("1", null, null)))).isNotNull();

    assertThat(update(streaming(shard("1", null, null)))).isNull();
  }

  @Test
  void aFailedAttemptGivesAnotherPlan() {
    update(preparing(1));

    assertThat(update(preparing(2)))
        .isEqualTo(new Plan(List.of(task(new TableWork.Prepare("orders", 2)))));
  }

  @Test
  void anotherExportGivesAnotherPlan() {
    update(loading(file(5, 0, false)));
    ExportFiles another = new ExportFiles("arn-2", 1, "bucket", "manifest");

    assertThat(update(new ObservedTable.Loading("orders", another, List.of(file(5, 0, false)))))
        .isNotNull();
  }

  @Test
  void aShardThatNoTaskReachesGivesAnotherPlan() {
    update(streaming(shard("1", null, null)));
    assertThat(update(streaming(shard("1", null, null), shard("7", null, null)))).isNotNull();

    assertThat(update(streaming(shard("1", null, null), shard("7", null, null)))).isNull();
  }

  @Test
  void anotherStreamGivesAnotherPlan() {
    update(streaming(shard("1", null, null)));

    assertThat(
            update(
                new ObservedTable.Streaming(
                    "orders",
                    "stream-2",
                    List.of(),
                    false,
                    new ObservedTable.Streaming.Ended("stream", 7, 5))))
        .isNotNull();
  }

  @Test
  void onePhaseOfManyTablesGivesAnotherPlan() {
    ObservedTable first = new ObservedTable.Preparing("a", 1);
    ObservedTable second = new ObservedTable.Preparing("b", 1);
    assertThat(standing.update(List.of(first, second), 0)).isNotNull();
    assertThat(standing.update(List.of(first, second), 0)).isNull();

    assertThat(standing.update(List.of(first, new ObservedTable.Completed("b", true)), 0))
        .isNotNull();
  }

  @Test
  void aLastingImbalanceGivesAnotherPlanOnce() {
    List<ObservedShard> roots =
        IntStream.range(0, 8).mapToObj(i -> shard("root-" + i, null, null)).toList();
    ObservedTable even = new ObservedTable.Streaming("orders", "stream", roots, false, null);
    List<ObservedShard> split = new ArrayList<>(roots);
    split.set(0, shard("root-0", null, new ShardOffset.Finished("4", 1, 1, 1, "root-0")));
    for (int i = 0; i < 60; i++) {
      split.add(
          shard("child-%02d".formatted(i), "root-0", new ShardOffset.Started(1, 1, "root-0")));
    }
    ObservedTable uneven = new ObservedTable.Streaming("orders", "stream", split, false, null);
    assertThat(standing.update(List.of(even), 0)).isNotNull();
    assertThat(standing.update(List.of(uneven), 0)).isNull();
    assertThat(standing.update(List.of(uneven), 9 * MINUTE)).isNull();
    Plan rebalanced = standing.update(List.of(uneven), 10 * MINUTE);

    assertThat(rebalanced).isNotNull();
    assertThat(standing.update(List.of(uneven), 30 * MINUTE)).as("it is in force").isNull();
  }

  @Test
  void aPlanHasNoMoreTasksThanAllowed() {
    Plan plan =
        new StandingPlan(2, Duration.ZERO, null)
            .update(List.of(loading(file(1, 0, false), file(1, 0, false), file(1, 0, false))), 0);

    assertThat(plan).isNotNull().extracting(p -> p.tasks().size()).isEqualTo(2);
  }

  private @Nullable Plan update(ObservedTable table) {
    return standing.update(List.of(table), 0);
  }

  private static TaskAssignment task(TableWork work) {
    return new TaskAssignment(List.of(work));
  }

  private static ObservedTable preparing(long attempt) {
    return new ObservedTable.Preparing("orders", attempt);
  }

  private static ObservedTable loading(ObservedFile... files) {
    return new ObservedTable.Loading("orders", EXPORT, List.of(files));
  }

  private static ObservedFile file(long items, long loaded, boolean done) {
    return new ObservedFile(items, loaded, done);
  }

  private static ObservedTable streaming(ObservedShard... shards) {
    return new ObservedTable.Streaming("orders", "stream", List.of(shards), false, null);
  }

  private static ObservedShard shard(
      String id, @Nullable String parent, @Nullable ShardOffset offset) {
    return new ObservedShard(
        id, parent, offset instanceof ShardOffset.Finished ? "9" : null, offset, false);
  }

  /** Each plan restarts all tasks: what several tables want is gathered. */
  @Test
  void phaseChangesOfSeveralTablesAreGathered() {
    StandingPlan gathering = new StandingPlan(4, Duration.ofMinutes(1), null);
    ObservedTable a = new ObservedTable.Preparing("a", 1);
    ObservedTable b = new ObservedTable.Preparing("b", 1);
    ObservedTable aDone = new ObservedTable.Completed("a", false);
    ObservedTable bDone = new ObservedTable.Completed("b", false);
    assertThat(gathering.update(List.of(a, b), 0)).isNotNull();
    assertThat(gathering.update(List.of(aDone, b), 10_000)).as("b will move as well").isNull();
    assertThat(gathering.waitMs()).isEqualTo(50_000);
    assertThat(gathering.update(List.of(aDone, bDone), 60_000)).isNotNull();
    assertThat(gathering.update(List.of(aDone), 70_000)).as("only what is left waits").isNull();
    assertThat(gathering.update(List.of(aDone), 120_000)).isNotNull();

    assertThat(gathering.update(List.of(a), 300_000)).isNotNull();
    assertThat(gathering.update(List.of(aDone), 300_001)).as("one table alone").isNotNull();
  }
}
