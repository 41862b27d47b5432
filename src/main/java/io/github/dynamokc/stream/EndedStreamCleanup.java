package io.github.dynamokc.stream;

import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.record.StatusType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retires the offsets of a stream that was read to its end, after the table has changed over to the
 * next stream. The last shards of an ended stream have no children whose offsets could make theirs
 * unnecessary. The offsets stay until the table's new offset is committed, because until then they
 * show that the ended stream was read; and for an hour more, as those of finished shards do, for
 * tasks from an older plan.
 *
 * <p>Which shards have offsets is known from a listing, if the stream is still there, and from what
 * tasks have noted. The task that announces the change takes away all of them; each task later what
 * it has noted itself, if that was not done.
 */
public final class EndedStreamCleanup implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(EndedStreamCleanup.class);
  private static final Duration UNTIL_NEXT_LOOK = Duration.ofMinutes(10);
  private static final Duration LATER = Duration.ofHours(1);

  private final StreamContext ended;
  private final Supplier<Collection<String>> noted;
  private final ShardDiscovery discovery;
  private final long notBeforeMs;
  private ShardDiscovery.@Nullable Request request;

  /**
   * @param noted ids of shards, asked for when their offsets are taken away
   * @param after how long from now
   */
  private EndedStreamCleanup(
      StreamContext ended, Supplier<Collection<String>> noted, Duration after, TableJobs jobs) {
    this.ended = ended;
    this.noted = noted;
    this.discovery = new ShardDiscovery(ended, jobs);
    this.notBeforeMs = ended.clock().millis() + after.toMillis();
  }

  /**
   * Has the offsets taken away in due time.
   *
   * @param next of the stream that the table goes over to
   * @param endedArn the stream that ended
   * @param tasks the numbers of the tasks that may have noted shards
   */
  public static void retire(
      StreamContext next, String endedArn, List<String> tasks, TableJobs jobs) {
    Supplier<Collection<String>> noted =
        () ->
            next.access().offsets().shardsOf(next.table(), tasks).getOrDefault(endedArn, List.of());
    jobs.wake(
        new EndedStreamCleanup(next.ofStream(endedArn), noted, EndedShard.RETIRED_AFTER, jobs));
  }

  /** The same of what one task has noted, if it is there an hour later still. */
  static void retireLater(StreamReader readers, String endedArn, Set<String> noted) {
    readers
        .jobs()
        .wake(
            new EndedStreamCleanup(
                readers.context().ofStream(endedArn),
                () -> noted,
                EndedShard.RETIRED_AFTER.plus(LATER),
                readers.jobs()));
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
    if (offset == null || ended.streamArn().equals(offset.registration().streamArn())) {
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
    Set<String> ids = new HashSet<>(listing.ids());
    ids.addAll(noted.get());
    Map<String, ShardOffset> left = ended.offsetsOf(ids);
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
