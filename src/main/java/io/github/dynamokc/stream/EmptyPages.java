package io.github.dynamokc.stream;

import java.util.OptionalLong;

/**
 * The one rule about empty pages: a page without changes does not say that an open shard has no
 * more, as AWS gives empty pages before the end, too. Some in a row do: then there was nothing more
 * when the first of them was asked for. For one shard, on one thread at a time.
 */
final class EmptyPages {
  private static final int CONVINCING = 5;

  private final long[] askedAtMs = new long[CONVINCING];
  private int inARow;

  /** A page had changes, or reading goes on at a place of its own. */
  void interrupted() {
    inARow = 0;
  }

  /**
   * A page had no changes.
   *
   * @param nowMs when it was asked for, epoch ms
   * @return up to when the shard is read, epoch ms; nothing if that is not sure yet
   */
  OptionalLong read(long nowMs) {
    int at = inARow % CONVINCING;
    askedAtMs[at] = nowMs;
    inARow++;
    return inARow < CONVINCING
        ? OptionalLong.empty()
        : OptionalLong.of(askedAtMs[(at + 1) % CONVINCING]);
  }
}
