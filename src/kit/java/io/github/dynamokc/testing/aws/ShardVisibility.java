package io.github.dynamokc.testing.aws;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which shards of a {@link ScriptedStream} DescribeStream lists: the listing of AWS is eventually
 * consistent. A shard that is not listed can be read all the same.
 */
public final class ShardVisibility {
  private final Map<String, Integer> hiddenCalls = new HashMap<>();
  private final Set<String> hidden = new HashSet<>();
  private final Set<String> held = new HashSet<>();
  private final Map<String, Long> hiddenUntilMs = new HashMap<>();
  private final Map<String, Long> addedAtMs = new HashMap<>();
  private final Map<String, Long> closedAtMs = new HashMap<>();
  private final Clock clock;
  private List<Duration> replicaLags = List.of(Duration.ZERO);
  private RandomGenerator replicaChoice = new Random(0);
  private double share;
  private RandomGenerator omission = new Random(0);
  private int pageSize = Integer.MAX_VALUE;
  private int pageOverlap;
  private int lag;
  private boolean hold;
  private boolean ignoresFilter;
  private int emptyFilteredAnswers;

  ShardVisibility(Clock clock) {
    this.clock = clock;
  }

  /**
   * Lets answers come from several copies of the listing, each of which lags behind by its time: it
   * does not show what was added since, and shows as open what was closed since. So one caller sees
   * what the next one does not, and a shard may vanish between two answers.
   *
   * @param seed chooses the copy for each answer
   */
  public synchronized void replicas(long seed, Duration... lags) {
    replicaLags = List.of(lags);
    replicaChoice = new Random(seed);
  }

  /**
   * Leaves shards out of answers by chance: each answer anew, each shard by itself.
   *
   * @param leftOut how much of an answer is left out on average, from 0 to 1
   */
  public synchronized void omit(long seed, double leftOut) {
    share = leftOut;
    omission = new Random(seed);
  }

  /** Takes one shard out of the listing for a time. */
  public synchronized void hideFor(String shard, Duration time) {
    hiddenUntilMs.put(shard, clock.millis() + time.toMillis());
  }

  /** Takes one shard out of the next so many answers of DescribeStream. */
  public synchronized void hideNext(String shard, int answers) {
    hiddenCalls.put(shard, answers);
  }

  /**
   * At most so many shards in a page of DescribeStream.
   *
   * @param overlap how many shards of a page the next one repeats, fewer than the page has
   */
  public synchronized void pages(int shards, int overlap) {
    if (shards < 1 || overlap < 0 || overlap >= shards) {
      throw new IllegalArgumentException(overlap + " of " + shards + " shards repeated");
    }
    pageSize = shards;
    pageOverlap = overlap;
  }

  /** Has the listing tell all that there is again; pages stay as they are. */
  public synchronized void showAll() {
    releaseNewShards();
    hidden.clear();
    hiddenCalls.clear();
    hiddenUntilMs.clear();
    lag = 0;
    share = 0;
    replicaLags = List.of(Duration.ZERO);
  }

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
    hiddenUntilMs.remove(shard);
  }

  /** Answers a shard filter with the whole listing, as DynamoDB Local does. */
  public synchronized void ignoreFilter(boolean ignore) {
    ignoresFilter = ignore;
  }

  /** Answers the next so many calls with a shard filter with no shard. */
  public synchronized void emptyFilteredAnswers(int calls) {
    emptyFilteredAnswers = calls;
  }

  synchronized void closed(String shard) {
    closedAtMs.put(shard, clock.millis());
  }

  synchronized void added(String shard) {
    addedAtMs.put(shard, clock.millis());
    if (lag > 0) {
      hiddenCalls.put(shard, lag);
    }
    if (hold) {
      held.add(shard);
    }
  }

  /** What one answer of DescribeStream is made from. */
  synchronized Answer answer() {
    Duration behind = replicaLags.get(replicaChoice.nextInt(replicaLags.size()));
    return new Answer(clock.millis() - behind.toMillis());
  }

  synchronized int pageSize() {
    return pageSize;
  }

  synchronized int pageOverlap() {
    return pageOverlap;
  }

  /** A copy of the listing, with what is left out of it. */
  final class Answer {
    private final long asOfMs;

    private Answer(long asOfMs) {
      this.asOfMs = asOfMs;
    }

    /** To be asked once for a shard. */
    boolean shows(String shard) {
      synchronized (ShardVisibility.this) {
        return !hidden.contains(shard)
            && !held.contains(shard)
            && !hiddenCalls.containsKey(shard)
            && hiddenUntilMs.getOrDefault(shard, Long.MIN_VALUE) <= clock.millis()
            && addedAtMs.getOrDefault(shard, Long.MIN_VALUE) <= asOfMs
            && (share == 0 || omission.nextDouble() >= share);
      }
    }

    boolean showsAsOpen(String shard) {
      synchronized (ShardVisibility.this) {
        return closedAtMs.getOrDefault(shard, Long.MIN_VALUE) > asOfMs;
      }
    }
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
