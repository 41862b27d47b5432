package io.github.dynamokc.stream;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.plan.TableWork.AssignedShard;
import io.github.dynamokc.plan.TableWork.Inheritance;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts readers to work for the shards that a task was given. */
public final class ShardReaders {
  private ShardReaders() {}

  /**
   * Starts each shard where its fact says, or at its beginning.
   *
   * @param neededFromMs changes since then (epoch ms) are needed of roots that have no fact
   * @throws org.apache.kafka.connect.errors.ConnectException if a shard's position is lost
   */
  public static void start(
      StreamSource source,
      List<AssignedShard> assigned,
      long neededFromMs,
      ShardScheduler scheduler)
      throws InterruptedException {
    Map<String, ShardOffset> facts =
        source
            .facts()
            .shards(
                source.table(),
                source.streamArn(),
                assigned.stream().map(AssignedShard::id).toList());
    for (AssignedShard shard : assigned) {
      ShardProgress progress = progress(source, shard, facts.get(shard.id()), neededFromMs);
      scheduler.wake(
          new ShardReader(source, scheduler, shard.id(), shard.endingSequence(), progress));
    }
  }

  private static ShardProgress progress(
      StreamSource source, AssignedShard shard, @Nullable ShardOffset fact, long neededFromMs)
      throws InterruptedException {
    if (fact != null) {
      return ShardProgress.of(fact, neededFromMs);
    }
    Inheritance inherited = shard.inherited();
    if (inherited == null) {
      return ShardProgress.ofNewRoot(neededFromMs);
    }
    // A crash took the child's first fact but left its parent's last.
    source.announceStarted(
        shard.id(), new ShardOffset.Started(inherited.version(), inherited.parentFinishedAt()));
    return ShardProgress.ofNewChildOfEarlierRun(inherited.version(), inherited.parentFinishedAt());
  }
}
