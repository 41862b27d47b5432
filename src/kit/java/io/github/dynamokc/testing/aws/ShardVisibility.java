package io.github.dynamokc.testing.aws;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which shards of a {@link ScriptedStream} DescribeStream lists: the listing of AWS is eventually
 * consistent. A shard that is not listed can be read all the same.
 */
public final class ShardVisibility {
  private final Map<String, Integer> hiddenCalls = new HashMap<>();
  private final Set<String> hidden = new HashSet<>();
  private final Set<String> held = new HashSet<>();
  private int lag;
  private boolean hold;
  private boolean ignoresFilter;
  private int emptyFilteredAnswers;

  ShardVisibility() {}

  /** Leaves shards that are added from now on out of the next so many answers of DescribeStream. */
  public synchronized void listingLag(int describeCalls) {
    lag = describeCalls;
  }

  /** Leaves shards that are added from now on out until {@link #releaseNewShards}. */
  public synchronized void holdNewShards() {
    hold = true;
  }

  public synchronized void releaseNewShards() {
    hold = false;
    held.clear();
  }

  /** Takes one shard out of the listing. */
  public synchronized void hide(String shard) {
    hidden.add(shard);
  }

  /** Lists a hidden shard again. */
  public synchronized void show(String shard) {
    hidden.remove(shard);
    held.remove(shard);
    hiddenCalls.remove(shard);
  }

  /** Answers a shard filter with the whole listing, as DynamoDB Local does. */
  public synchronized void ignoreFilter(boolean ignore) {
    ignoresFilter = ignore;
  }

  /** Answers the next so many calls with a shard filter with no shard. */
  public synchronized void emptyFilteredAnswers(int calls) {
    emptyFilteredAnswers = calls;
  }

  synchronized void added(String shard) {
    if (lag > 0) {
      hiddenCalls.put(shard, lag);
    }
    if (hold) {
      held.add(shard);
    }
  }

  synchronized boolean isVisible(String shard) {
    return !hidden.contains(shard) && !held.contains(shard) && !hiddenCalls.containsKey(shard);
  }

  synchronized void described() {
    hiddenCalls.replaceAll((shard, calls) -> calls - 1);
    hiddenCalls.values().removeIf(calls -> calls <= 0);
  }

  synchronized boolean filters() {
    return !ignoresFilter;
  }

  /** Whether the answer to a call with a filter is to be empty; counts it. */
  synchronized boolean answersEmpty() {
    if (emptyFilteredAnswers > 0) {
      emptyFilteredAnswers--;
      return true;
    }
    return false;
  }
}
