package io.github.dynamokc.plan;

/**
 * A data file of a manifest, with its offset.
 *
 * @param items how many items the manifest says it has
 * @param itemsLoaded how many of them are committed
 * @param done whether it is committed as loaded and verified
 */
public record ObservedFile(long items, long itemsLoaded, boolean done) {
  /** A file without items is never assigned. */
  boolean unfinished() {
    return items > 0 && !done;
  }

  /** How many items of the file are committed. */
  public long committed() {
    return done ? items : itemsLoaded;
  }

  /** How much work the file still is; at least 1, as its end is still to be verified. */
  long remaining() {
    return Math.max(1, items - itemsLoaded);
  }
}
