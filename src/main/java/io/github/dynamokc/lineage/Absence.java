package io.github.dynamokc.lineage;

import java.time.Duration;

/**
 * The one rule about evidence: what an answer lacks is taken for gone only if several answers lack
 * it, over minutes. What AWS says of existence is eventually consistent: a listing may lack a shard
 * in the middle, shards may show minutes late, and tables and streams that are there may be said
 * not to exist. For one thing that is looked for, on one thread.
 */
public final class Absence {
  private static final int ANSWERS = 3;
  private static final Duration MINUTES = Duration.ofMinutes(2);

  private final Duration untilProven;
  private int missed;
  private long sinceMs;

  /** Of what is believed after two minutes. */
  public Absence() {
    this(MINUTES);
  }

  /**
   * @param untilProven for how long each answer is to lack it
   */
  public Absence(Duration untilProven) {
    this.untilProven = untilProven;
  }

  /** Since when it is missing, epoch ms. */
  public long sinceMs() {
    return sinceMs;
  }

  /** It is there. */
  public void seen() {
    missed = 0;
  }

  /**
   * An answer that should have it does not.
   *
   * @param nowMs epoch ms
   * @return whether that has been so often enough, and for long enough
   */
  public boolean missed(long nowMs) {
    if (missed++ == 0) {
      sinceMs = nowMs;
    }
    return missed >= ANSWERS && nowMs - sinceMs >= untilProven.toMillis();
  }
}
