package io.github.dynamokc.plan;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Shares out the work: a pure, deterministic function of what is committed and what AWS shows. The
 * same offsets give the same plan in every JVM, after any crash.
 *
 * <p>Invariants of every plan:
 *
 * <ul>
 *   <li>B: a stream is planned only when all files of the table's snapshot are committed as done.
 *   <li>D: each piece of work is in exactly one task, and nothing that is not done is missing.
 *   <li>Of a stream only the frontier is given out: the unsettled shards whose ancestors are all
 *       settled (see {@link Lineage}). The task that gets a shard goes on with its children, so
 *       parents come first.
 *   <li>C: settled shards that still have offsets are named too, for a task to retire.
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
    Map<String, Lineage> lineages = new HashMap<>();
    for (ObservedTable table : tables) {
      if (table instanceof ObservedTable.Streaming streaming) {
        lineages.put(table.table(), new Lineage(streaming.shards()));
      }
    }
    int pieces =
        tables.stream().mapToInt(table -> pieces(table, lineages.get(table.table()))).sum();
    Shares shares = new Shares(Math.max(1, Math.min(maxTasks, pieces)));
    for (ObservedTable table : tables) {
      if (table instanceof ObservedTable.Loading loading) {
        shareFiles(loading, shares);
      } else if (table instanceof ObservedTable.Streaming streaming) {
        shareShards(streaming, Objects.requireNonNull(lineages.get(table.table())), shares);
      } else if (table instanceof ObservedTable.Preparing preparing) {
        shares.add(new TableWork.Prepare(preparing.table(), preparing.exportAttempt()));
      } else if (table instanceof ObservedTable.Completed completed) {
        shares.add(new TableWork.Complete(completed.table(), completed.announceLoaded()));
      }
    }
    return new Plan(shares.assignments());
  }

  private static int pieces(ObservedTable table, @Nullable Lineage lineage) {
    if (table instanceof ObservedTable.Loading loading) {
      return (int) loading.files().stream().filter(ObservedFile::unfinished).count();
    }
    return lineage == null ? 1 : Math.max(1, lineage.frontier().size());
  }

  private static void shareFiles(ObservedTable.Loading loading, Shares shares) {
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

  private static void shareShards(
      ObservedTable.Streaming streaming, Lineage lineage, Shares shares) {
    List<List<AssignedShard>> shards = shares.emptyLists();
    for (ObservedShard shard : lineage.frontier()) {
      shards
          .get(shares.nextByShards())
          .add(new AssignedShard(shard.id(), shard.endingSequence(), lineage.inheritance(shard)));
    }
    List<Integer> tasks =
        IntStream.range(0, shards.size()).filter(i -> !shards.get(i).isEmpty()).boxed().toList();
    List<String> leftOver = lineage.leftOver().stream().map(ObservedShard::id).toList();
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
    String replaces = streaming.replaces();
    return new TableWork.ReadShards(
        streaming.table(),
        streaming.stream(),
        shards,
        retire,
        announces && streaming.announceLoaded(),
        replaces == null ? null : new TableWork.Replacement(replaces, announces));
  }

  /** What each task has so far. */
  private static final class Shares {
    private final List<List<TableWork>> work = new ArrayList<>();
    private final long[] items;
    private final int[] shards;
    private final int[] pieces;

    Shares(int tasks) {
      for (int task = 0; task < tasks; task++) {
        work.add(new ArrayList<>());
      }
      items = new long[tasks];
      shards = new int[tasks];
      pieces = new int[tasks];
    }

    <T> List<List<T>> emptyLists() {
      return work.stream().<List<T>>map(task -> new ArrayList<>()).toList();
    }

    int nextByItems(long more) {
      int task = least(Comparator.comparingLong(i -> items[i]));
      items[task] += more;
      pieces[task]++;
      return task;
    }

    int nextByShards() {
      int task = least(Comparator.comparingInt(i -> shards[i]));
      shards[task]++;
      pieces[task]++;
      return task;
    }

    /** Adds a single piece to the task with the fewest. */
    void add(TableWork single) {
      int task = least(Comparator.comparingInt(i -> pieces[i]));
      pieces[task]++;
      add(task, single);
    }

    void add(int task, TableWork share) {
      work.get(task).add(share);
    }

    private int least(Comparator<Integer> order) {
      return IntStream.range(0, work.size())
          .boxed()
          .min(order.thenComparing(task -> pieces[task]).thenComparing(Comparator.naturalOrder()))
          .orElseThrow();
    }

    List<TaskAssignment> assignments() {
      return work.stream().filter(task -> !task.isEmpty()).map(TaskAssignment::new).toList();
    }
  }
}
