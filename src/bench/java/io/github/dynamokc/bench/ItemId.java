package io.github.dynamokc.bench;

/**
 * The partition key of an item that a bench wrote: which one it is, and when it was written.
 *
 * @param index from 0, in the order of writing
 * @param writtenNanos {@link System#nanoTime()} of this JVM
 */
record ItemId(int index, long writtenNanos) {
  String text() {
    return "%08d@%d".formatted(index, writtenNanos);
  }

  static ItemId parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      throw new IllegalArgumentException("Not an item of a bench: " + text);
    }
    return new ItemId(
        Integer.parseInt(text.substring(0, at)), Long.parseLong(text.substring(at + 1)));
  }
}
