package io.github.dynamokc.stream;

import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.lineage.SetByHand;
import io.github.dynamokc.offset.OffsetsRequest;
import io.github.dynamokc.offset.ShardOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Refuses offsets that somebody has set by hand and that would have no effect. Connect shows a
 * connector no other offset when one is set, so that this is seen by the tasks only.
 */
final class OffsetsByHand {
  private OffsetsByHand() {}

  /**
   * @param lineage a listing with what is committed of it, before anything of it is read
   * @throws ConnectException naming the shard, and the offsets to take away
   */
  static void check(Lineage lineage, StreamContext context) {
    SetByHand set = SetByHand.in(lineage);
    if (set == null) {
      return;
    }
    ObservedShard unread = set.unread();
    String below = set.below().stream().map(ObservedShard::id).collect(Collectors.joining(", "));
    String takeAway = "stop the connector, PATCH /connectors/<name>/offsets with %s and resume it";
    String redeliver = takeAway.formatted(request(set.below(), context));
    if (!set.byHand().equals(unread)) {
      throw new ConnectException(
          "%s is to be read %s, but shards that descend from it have offsets (%s), and that of shard %s was set by hand: by these it counts as read to its end, and its changes would be left out. To have it read, and what follows it from its beginning, %s"
              .formatted(
                  context.nameOf(unread.id()),
                  position(unread),
                  below,
                  set.byHand().id(),
                  redeliver));
    }
    throw new ConnectException(
        "%s: its offset was set by hand to have it read %s, but shards that descend from it have offsets (%s): by these it counts as read to its end, and nothing would be read again. To have it read again, and what follows it with it, %s. To leave all as it was, %s"
            .formatted(
                context.nameOf(unread.id()),
                position(unread),
                below,
                redeliver,
                takeAway.formatted(request(List.of(unread), context))));
  }

  private static String request(List<ObservedShard> shards, StreamContext context) {
    return OffsetsRequest.takingAway(
        shards.stream().map(shard -> context.partition(shard.id())).toList());
  }

  private static String position(ObservedShard shard) {
    return shard.offset() instanceof ShardOffset.Read read
        ? "after sequence number " + read.sequence()
        : "from its beginning";
  }
}
