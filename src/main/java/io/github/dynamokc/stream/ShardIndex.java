package io.github.dynamokc.stream;

import io.github.dynamokc.offset.ShardsOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.StatusType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the list of the shards of one table that a task has written offsets of, over restarts: what
 * an absence of more than a day leaves behind is listed nowhere else. It is committed before the
 * first offset of a shard, or where there are many, at most once a minute. Thread-safe.
 */
final class ShardIndex implements Job {
  /** So many ids are a few kilobytes. */
  private static final int FEW = 300;

  private static final Duration BETWEEN_MANY = Duration.ofMinutes(1);

  private final StreamContext context;
  private final TableJobs jobs;
  private final SourcePartition.OfShards partition;
  private final Map<String, Set<String>> shards = new TreeMap<>();
  private boolean isNew;
  private long committedAtMs;

  /**
   * @param context of the stream that is read
   * @param task the task's number, as text
   */
  ShardIndex(StreamContext context, TableJobs jobs, String task) {
    this.context = context;
    this.jobs = jobs;
    this.partition = new SourcePartition.OfShards(context.table(), task);
    Map<String, List<String>> before =
        context.access().offsets().shardsOf(context.table(), List.of(task));
    before.forEach(
        (stream, ids) -> {
          Set<String> left = context.ofStream(stream).offsetsOf(ids).keySet();
          if (!left.isEmpty()) {
            shards.put(stream, new TreeSet<>(left));
          }
        });
  }

  /** What has an offset of other streams of the table, which have ended, by their ARNs. */
  synchronized Map<String, Set<String>> ofOtherStreams() {
    Map<String, Set<String>> others = new HashMap<>();
    shards.forEach(
        (stream, ids) -> {
          if (!stream.equals(context.streamArn())) {
            others.put(stream, Set.copyOf(ids));
          }
        });
    return others;
  }

  /** Shards of the stream that is read are about to have offsets. */
  void add(Collection<String> ids) throws InterruptedException {
    boolean now;
    synchronized (this) {
      Set<String> known = shards.computeIfAbsent(context.streamArn(), stream -> new TreeSet<>());
      isNew |= known.addAll(ids);
      if (!isNew) {
        return;
      }
      now = known.size() <= FEW;
    }
    if (now) {
      commit();
    } else {
      jobs.wake(this);
    }
  }

  /** A shard has no offset any more, which is not worth a record. */
  synchronized void remove(String stream, String id) {
    Set<String> known = shards.get(stream);
    if (known != null) {
      known.remove(id);
    }
  }

  @Override
  public JobResult step() throws InterruptedException {
    Duration early = untilDue();
    if (!early.isNegative() && !early.isZero()) {
      return new JobResult.Delay(early);
    }
    commit();
    return new JobResult.Parked();
  }

  private synchronized Duration untilDue() {
    return Duration.ofMillis(committedAtMs + BETWEEN_MANY.toMillis() - context.clock().millis());
  }

  /** One after the other, or an older list could be committed last. */
  private synchronized void commit() throws InterruptedException {
    if (!isNew) {
      return;
    }
    isNew = false;
    committedAtMs = context.clock().millis();
    context.output().announce(StatusType.TASK_SHARDS, partition, ShardsOffset.of(shards));
  }
}
