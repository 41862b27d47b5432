package io.github.dynamokc.stream;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.record.StatusType;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retires the offsets of a stream that was read to its end, after the table has changed over to the
 * next stream. The last shards of an ended stream have no children whose offsets could make theirs
 * unnecessary. The offsets stay until the table's new offset is committed, because until then they
 * show that the ended stream was read; and for an hour more, as those of finished shards do, for
 * tasks from an older plan. If the ended stream does not exist any more by then, its shards are
 * unknown and their offsets stay.
 */
public final class EndedStreamCleanup implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(EndedStreamCleanup.class);
  private static final Duration UNTIL_NEXT_LOOK = Duration.ofMinutes(10);

  private final StreamContext ended;
  private final String next;
  private final ShardDiscovery discovery;
  private final long notBeforeMs;
  private ShardDiscovery.@Nullable Request request;

  private EndedStreamCleanup(StreamContext ended, String next, ShardScheduler scheduler) {
    this.ended = ended;
    this.next = next;
    this.discovery = new ShardDiscovery(ended, scheduler);
    this.notBeforeMs = ended.clock().millis() + EndedShard.RETIRED_AFTER.toMillis();
  }

  /**
   * Has the offsets taken away in due time.
   *
   * @param next the stream that the table goes over to
   * @param endedArn the stream that ended
   */
  public static void retire(StreamContext next, String endedArn, ShardScheduler scheduler) {
    scheduler.wake(new EndedStreamCleanup(next.ofStream(endedArn), next.streamArn(), scheduler));
  }

  @Override
  public JobResult step() throws InterruptedException {
    if (request != null) {
      return lookAtListing(request);
    }
    long early = notBeforeMs - ended.clock().millis();
    if (early > 0) {
      return new JobResult.Delay(Duration.ofMillis(early));
    }
    TableOffset offset = ended.access().offsets().table(ended.table());
    if (offset == null || !next.equals(offset.registration().streamArn())) {
      return new JobResult.Delay(UNTIL_NEXT_LOOK);
    }
    request = discovery.ask(this);
    return new JobResult.Parked();
  }

  private JobResult lookAtListing(ShardDiscovery.Request asked) throws InterruptedException {
    ShardListing listing = asked.listing();
    if (listing == null) {
      return new JobResult.Parked();
    }
    Map<String, ShardOffset> left = ended.offsetsOf(listing.ids());
    LOG.info(
        "Table {}: taking away {} offsets of the ended stream {}",
        ended.table(),
        left.size(),
        ended.streamArn());
    for (String shard : left.keySet()) {
      ended.output().announce(StatusType.SHARD_RETIRED, ended.partition(shard), null);
    }
    return new JobResult.Done();
  }
}
