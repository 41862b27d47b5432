package io.github.dynamokc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.plan.TableWork.LoadFiles;
import io.github.dynamokc.plan.TableWork.ReadShards;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The planner's invariants over random split trees, offset sets, file lists and task counts. */
class PlannerPropertiesTest {
  private static final ExportFiles EXPORT = new ExportFiles("arn", 1, "bucket", "manifest");

  @Property
  void everyUnfinishedShardIsAssignedOnceOrHasOneSuchAncestor(
      @ForAll("listings") List<ObservedShard> listing,
      @ForAll @IntRange(min = 1, max = 9) int tasks) {
    List<String> assigned = assignedShards(Planner.plan(List.of(streaming(listing)), tasks));

    assertThat(assigned).doesNotHaveDuplicates();
    Map<String, ObservedShard> byId = byId(listing);
    for (ObservedShard shard : listing) {
      long owners = lineOf(shard, byId).filter(s -> assigned.contains(s.id())).count();
      assertThat(owners).as(shard.id()).isBetween(isDone(shard, listing) ? 0L : 1L, 1L);
    }
  }

  @Property
  void parentsComeFirst(
      @ForAll("listings") List<ObservedShard> listing,
      @ForAll @IntRange(min = 1, max = 9) int tasks) {
    Map<String, ObservedShard> byId = byId(listing);
    for (String id : assignedShards(Planner.plan(List.of(streaming(listing)), tasks))) {
      ObservedShard shard = byId.get(id);
      assertThat(isDone(shard, listing)).as("%s is done", id).isFalse();
      assertThat(lineOf(shard, byId).skip(1))
          .as("ancestors of %s", id)
          .allMatch(ancestor -> isDone(ancestor, listing));
    }
  }

  @Property
  void theSameOffsetsGiveTheSamePlanWhateverTheirOrder(
      @ForAll("listings") List<ObservedShard> listing,
      @ForAll @IntRange(min = 1, max = 9) int tasks,
      @ForAll long seed) {
    List<ObservedShard> shuffled = new ArrayList<>(listing);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(Planner.plan(List.of(streaming(shuffled)), tasks).tasks())
        .isEqualTo(Planner.plan(List.of(streaming(listing)), tasks).tasks());
  }

  @Property
  void shardsAreSharedEvenlyOverNoMoreTasksThanAllowed(
      @ForAll("listings") List<ObservedShard> listing,
      @ForAll @IntRange(min = 1, max = 9) int tasks) {
    Plan plan = Planner.plan(List.of(streaming(listing)), tasks);
    List<Integer> sizes =
        plan.tasks().stream()
            .map(task -> task.work().stream().mapToInt(w -> ((ReadShards) w).shards().size()).sum())
            .toList();

    assertThat(sizes).hasSizeBetween(1, tasks);
    assertThat(Collections.max(sizes) - Collections.min(sizes)).isLessThanOrEqualTo(1);
  }

  @Property
  void progressNeverChangesThePlan(
      @ForAll("listings") List<ObservedShard> listing,
      @ForAll @IntRange(min = 1, max = 9) int tasks,
      @ForAll long seed) {
    Random random = new Random(seed);
    Plan plan = Planner.plan(List.of(streaming(listing)), tasks);
    List<ObservedShard> now = listing;
    for (int step = 0; step < 30; step++) {
      assertThat(plan.isStillValid(List.of(streaming(now)))).as("step %d", step).isTrue();
      now = progress(now, step, random);
    }
  }

  @Property
  void everyUnfinishedFileIsInExactlyOneTaskAndNoOther(
      @ForAll("files") List<ObservedFile> files, @ForAll @IntRange(min = 1, max = 9) int tasks) {
    List<Integer> assigned =
        loads(Planner.plan(List.of(loading(files)), tasks))
            .flatMap(load -> load.files().indexes().stream())
            .toList();

    assertThat(assigned).doesNotHaveDuplicates();
    for (int index = 0; index < files.size(); index++) {
      assertThat(assigned.contains(index)).isEqualTo(files.get(index).unfinished());
    }
  }

  @Property
  void filesAreSharedByItemsAsEvenlyAsTheLongestAllows(
      @ForAll("files") List<ObservedFile> files, @ForAll @IntRange(min = 1, max = 9) int tasks) {
    List<Long> loads =
        loads(Planner.plan(List.of(loading(files)), tasks))
            .map(
                load ->
                    load.files().indexes().stream().mapToLong(i -> files.get(i).remaining()).sum())
            .toList();
    long longest =
        files.stream()
            .filter(ObservedFile::unfinished)
            .mapToLong(ObservedFile::remaining)
            .max()
            .orElse(0);

    assertThat(loads.size()).isLessThanOrEqualTo(tasks);
    if (!loads.isEmpty()) {
      assertThat(Collections.max(loads) - Collections.min(loads)).isLessThanOrEqualTo(longest);
    }
  }

  @Property
  void anAssignmentSurvivesItsTaskConfig(
      @ForAll("listings") List<ObservedShard> listing,
      @ForAll("files") List<ObservedFile> files,
      @ForAll @IntRange(min = 1, max = 9) int tasks) {
    ObservedTable other = new ObservedTable.Preparing("other", 2);
    for (TaskAssignment task :
        Planner.plan(List.of(streaming(listing), loading(files), other), tasks).tasks()) {
      assertThat(TaskAssignment.fromConfig(task.toConfig())).isEqualTo(task);
    }
  }

  @Property
  void noTaskIsEmptyAndTablesOfAllPhasesShareTheTasks(
      @ForAll("listings") List<ObservedShard> listing,
      @ForAll("files") List<ObservedFile> files,
      @ForAll @IntRange(min = 1, max = 9) int tasks) {
    List<ObservedTable> tables =
        List.of(
            streaming(listing),
            loading(files),
            new ObservedTable.Preparing("prepared", 1),
            new ObservedTable.Completed("completed", true));
    Plan plan = Planner.plan(tables, tasks);

    assertThat(plan.tasks()).hasSizeBetween(1, tasks).noneMatch(task -> task.work().isEmpty());
    assertThat(works(plan).filter(w -> w.table().equals("prepared"))).hasSize(1);
    assertThat(works(plan).filter(w -> w.table().equals("completed"))).hasSize(1);
    assertThat(works(plan).filter(w -> w.table().equals("streamed"))).isNotEmpty();
  }

  @Provide
  Arbitrary<List<ObservedShard>> listings() {
    return SplitTrees.listings();
  }

  @Provide
  Arbitrary<List<ObservedFile>> files() {
    return Arbitraries.longs()
        .map(Random::new)
        .map(
            random -> {
              List<ObservedFile> files = new ArrayList<>();
              for (int i = random.nextInt(40); i > 0; i--) {
                long items = random.nextInt(5) == 0 ? 0 : random.nextInt(1000);
                boolean done = random.nextInt(4) == 0;
                files.add(new ObservedFile(items, random.nextInt((int) items + 1), done));
              }
              return files;
            });
  }

  /** A shard ends, and a child of it appears. */
  private static List<ObservedShard> progress(List<ObservedShard> now, int step, Random random) {
    List<ObservedShard> next = new ArrayList<>(now);
    if (next.isEmpty()) {
      return next;
    }
    int at = random.nextInt(next.size());
    ObservedShard shard = next.get(at);
    if (!isRead(shard, now) && parentRead(shard, now)) {
      next.set(
          at,
          new ObservedShard(
              shard.id(),
              shard.parent(),
              "99",
              new ShardOffset.Finished("98", 9, 1, 1, null),
              false));
      next.add(new ObservedShard("shardId-1%04d".formatted(step), shard.id(), null, null, false));
    }
    return next;
  }

  private static boolean parentRead(ObservedShard shard, List<ObservedShard> listing) {
    return listing.stream()
        .filter(s -> s.id().equals(shard.parent()))
        .allMatch(s -> isRead(s, listing));
  }

  /** Nobody's work any more: read, a child is listed, and none needs to learn its version. */
  private static boolean isDone(ObservedShard shard, List<ObservedShard> listing) {
    List<ObservedShard> children =
        listing.stream().filter(child -> shard.id().equals(child.parent())).toList();
    return isRead(shard, listing)
        && !children.isEmpty()
        && (shard.offset() instanceof ShardOffset.Finished
            || children.stream().allMatch(c -> c.offset() != null || isDone(c, listing)));
  }

  /** The rule of the design, word for word: marked done, or any descendant has an offset. */
  private static boolean isRead(ObservedShard shard, List<ObservedShard> listing) {
    if (shard.offset() instanceof ShardOffset.Finished) {
      return true;
    }
    return listing.stream()
        .filter(child -> shard.id().equals(child.parent()))
        .anyMatch(child -> child.offset() != null || isRead(child, listing));
  }

  private static Stream<ObservedShard> lineOf(
      ObservedShard shard, Map<String, ObservedShard> byId) {
    return Stream.iterate(
        shard, s -> s != null, s -> s.parent() == null ? null : byId.get(s.parent()));
  }

  private static Map<String, ObservedShard> byId(List<ObservedShard> listing) {
    Map<String, ObservedShard> byId = new HashMap<>();
    listing.forEach(shard -> byId.put(shard.id(), shard));
    return new TreeMap<>(byId);
  }

  private static ObservedTable.Streaming streaming(List<ObservedShard> listing) {
    return new ObservedTable.Streaming("streamed", "stream", listing, true, null);
  }

  private static ObservedTable.Loading loading(List<ObservedFile> files) {
    return new ObservedTable.Loading("loaded", EXPORT, files);
  }

  private static List<String> assignedShards(Plan plan) {
    return works(plan)
        .flatMap(work -> ((ReadShards) work).shards().stream())
        .map(AssignedShard::id)
        .toList();
  }

  private static Stream<LoadFiles> loads(Plan plan) {
    return works(plan).map(LoadFiles.class::cast);
  }

  private static Stream<TableWork> works(Plan plan) {
    return plan.tasks().stream().flatMap(task -> task.work().stream());
  }
}
