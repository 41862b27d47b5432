package io.github.dynamokc.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What each task of a plan in the making has so far. */
final class TaskShares {
  private final List<List<TableWork>> work = new ArrayList<>();
  private final long[] items;
  private final int[] shards;
  private final int[] pieces;

  TaskShares(int tasks) {
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
