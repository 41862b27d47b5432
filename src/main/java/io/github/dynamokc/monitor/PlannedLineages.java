package io.github.dynamokc.monitor;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.plan.TableWork;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whether something is committed of every lineage of a stream that tasks were given. If not, and
 * its shards are gone, nothing tells up to when it was read: a worker can die before a task has
 * begun with it. On one thread of the monitor.
 */
final class PlannedLineages {
  private final String table;
  private final ObserverContext context;
  private final WrittenBefore writtenBefore;

  PlannedLineages(String table, ObserverContext context, WrittenBefore writtenBefore) {
    this.table = table;
    this.context = context;
    this.writtenBefore = writtenBefore;
  }

  /**
   * Looks at the plan that is committed, which has to be that of tasks which read the stream.
   *
   * @param listed ids of shards that are listed
   * @return false also if the plan is not known, or may lack lineages itself
   */
  boolean areCommitted(String stream, List<String> listed) {
    EarlierPlan committed = EarlierPlan.read(context.offsets(), context.tasksMax());
    if (committed == null) {
      return false;
    }
    List<TableWork.ReadShards> reads = new ArrayList<>();
    for (var task : committed.plan().tasks()) {
      for (TableWork work : task.work()) {
        if (work instanceof TableWork.ReadShards read
            && read.table().equals(table)
            && read.stream().equals(stream)) {
          reads.add(read);
        }
      }
    }
    List<String> given =
        reads.stream().flatMap(read -> read.shards().stream()).map(AssignedShard::id).toList();
    return !reads.isEmpty()
        && reads.stream().noneMatch(read -> read.lacksLineages() != null)
        && known(stream, listed, given).containsAll(given);
  }

  /** The lineages of which something is committed. */
  private Set<String> known(String stream, List<String> listed, List<String> given) {
    Set<String> ids = new LinkedHashSet<>(writtenBefore.of(stream));
    ids.addAll(listed);
    ids.addAll(given);
    Map<String, ShardOffset> offsets = context.offsets().shards(table, stream, ids);
    Set<String> known = new HashSet<>(offsets.keySet());
    offsets.values().stream()
        .map(ShardOffset::lineage)
        .filter(Objects::nonNull)
        .forEach(known::add);
    return known;
  }
}
