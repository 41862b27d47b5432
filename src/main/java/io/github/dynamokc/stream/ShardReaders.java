package io.github.dynamokc.stream;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.plan.TableWork.AssignedShard;
import java.util.List;
import java.util.Map;

/** Puts readers to work for the shards that a task was given. */
public final class ShardReaders {
  private ShardReaders() {}

  /**
   * @param neededFromMs changes since then (epoch ms) are needed of shards that have no fact
   * @throws org.apache.kafka.connect.errors.ConnectException if a shard's position is lost
   */
  public static void start(
      StreamSource source,
      List<AssignedShard> assigned,
      long neededFromMs,
      ShardScheduler scheduler) {
    Map<String, ShardOffset> facts =
        source
            .facts()
            .shards(
                source.table(),
                source.streamArn(),
                assigned.stream().map(AssignedShard::id).toList());
    for (AssignedShard shard : assigned) {
      scheduler.wake(
          new ShardReader(
              source,
              scheduler,
              shard.id(),
              shard.endingSequence(),
              ShardProgress.of(facts.get(shard.id()), neededFromMs)));
    }
  }
}
