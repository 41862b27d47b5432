package io.github.dynamokc.plan;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Shares out the work: a pure, deterministic function of what is committed and what AWS shows. The
 * same offsets give the same plan in every JVM, after any crash.
 *
 * <p>Invariants of every plan:
 *
 * <ul>
 *   <li>B: a stream is planned only when all files of the table's snapshot are committed as done.
 *   <li>D: each piece of work is in exactly one task, and nothing that is not done is missing.
 *   <li>Of a stream only the frontier is assigned: the unsettled shards whose ancestors are all
 *       settled (see {@link Lineage}). The task that gets a shard goes on with its children, so
 *       parents come first.
 *   <li>C: settled shards that still have offsets are named too, and those with offsets that are
 *       not listed any more, for a task to retire.
 *   <li>Files are shared by the items they still have (longest first, to the least loaded task),
 *       shards and the rest by number.
 *   <li>There is at least one task, and none is empty unless there is nothing to do at all.
 * </ul>
 */
public final class Planner {
  private Planner() {}

  /**
   * @param tables in the order of the config, each once
   * @param maxTasks at least 1
   */
  public static Plan plan(List<ObservedTable> tables, int maxTasks) {
    int pieces = tables.stream().mapToInt(ObservedTable::pieces).sum();
    TaskShares shares = new TaskShares(tasksFor(pieces, maxTasks));
    tables.forEach(table -> table.assign(shares));
    return new Plan(shares.assignments());
  }

  /** How many tasks a plan of so many pieces has. */
  static int tasksFor(int pieces, int maxTasks) {
    return Math.max(1, Math.min(maxTasks, pieces));
  }

  static void assignFiles(ObservedTable.Loading loading, TaskShares shares) {
    List<List<Integer>> indexes = shares.emptyLists();
    IntStream.range(0, loading.files().size())
        .filter(index -> loading.files().get(index).unfinished())
        .boxed()
        .sorted(
            Comparator.comparingLong((Integer i) -> loading.files().get(i).remaining())
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .forEach(
            index ->
                indexes.get(shares.nextByItems(loading.files().get(index).remaining())).add(index));
    for (int task = 0; task < indexes.size(); task++) {
      if (!indexes.get(task).isEmpty()) {
        IndexRanges files = IndexRanges.of(indexes.get(task));
        shares.add(task, new TableWork.LoadFiles(loading.table(), loading.export(), files));
      }
    }
  }

  static void assignShards(ObservedTable.Streaming streaming, TaskShares shares) {
    Lineage lineage = streaming.lineage();
    List<List<AssignedShard>> shards = shares.emptyLists();
    for (ObservedShard shard : lineage.frontier()) {
      shards
          .get(shares.nextByShards())
          .add(new AssignedShard(shard.id(), shard.endingSequence(), lineage.inheritance(shard)));
    }
    List<Integer> tasks =
        IntStream.range(0, shards.size()).filter(i -> !shards.get(i).isEmpty()).boxed().toList();
    List<String> leftOver =
        Stream.concat(
                lineage.leftOver().stream().map(ObservedShard::id), streaming.leftBehind().stream())
            .toList();
    if (tasks.isEmpty()) {
      shares.add(work(streaming, List.of(), leftOver, true));
    }
    for (int i = 0; i < tasks.size(); i++) {
      int from = leftOver.size() * i / tasks.size();
      int to = leftOver.size() * (i + 1) / tasks.size();
      shares.add(
          tasks.get(i),
          work(streaming, shards.get(tasks.get(i)), leftOver.subList(from, to), i == 0));
    }
  }

  /**
   * @param announces whether this share is the one that commits what is due of the table's offset
   */
  private static TableWork work(
      ObservedTable.Streaming streaming,
      List<AssignedShard> shards,
      List<String> retire,
      boolean announces) {
    ObservedTable.Streaming.Due due = streaming.due();
    ObservedTable.Streaming.Ended replaces = due.replaces();
    return new TableWork.ReadShards(
        streaming.table(),
        streaming.stream(),
        shards,
        retire,
        announces && due.loaded(),
        replaces == null
            ? null
            : new TableWork.Replacement(
                replaces.stream(), announces, replaces.version(), replaces.readUpTo()),
        streaming.listAfter(),
        streaming.repairedUpTo(),
        announces ? due.repaired() : null,
        streaming.lineage().heldBack().isEmpty() ? null : true);
  }
}
