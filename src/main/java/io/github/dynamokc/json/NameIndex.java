package io.github.dynamokc.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds known names by the bytes that a cursor stands at, so that no text is made of a name. Time
 * does not grow with the number of names, whoever chose them. Immutable.
 */
public final class NameIndex {
  private final byte[][] names;

  /** Numbers of names, from 1, at their hashes or behind; 0 is a free slot. */
  private final int[] table;

  /**
   * @param names different ones
   */
  public NameIndex(List<String> names) {
    this.names =
        names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.table = new int[4 * Integer.highestOneBit(this.names.length + 1)];
    for (int number = 0; number < this.names.length; number++) {
      byte[] name = this.names[number];
      int slot = slot(name, 0, name.length);
      while (table[slot] != 0) {
        slot = next(slot);
      }
      table[slot] = number + 1;
    }
  }

  /**
   * Which of the names the string is that was read last, with escapes or without.
   *
   * @param guess the one that is looked at first, if there is one at that place
   * @return its place among the names, from 0; -1 if it is none of them
   */
  public int indexOf(JsonCursor in, int guess) {
    if (in.tokenIsPlain()) {
      return guess < names.length && in.tokenIs(names[guess])
          ? guess
          : indexOf(in.array(), in.tokenFrom(), in.tokenTo());
    }
    byte[] name = in.tokenText().getBytes(StandardCharsets.UTF_8);
    return indexOf(name, 0, name.length);
  }

  private int indexOf(byte[] array, int from, int to) {
    for (int slot = slot(array, from, to); table[slot] != 0; slot = next(slot)) {
      byte[] name = names[table[slot] - 1];
      if (name.length == to - from && Arrays.equals(name, 0, name.length, array, from, to)) {
        return table[slot] - 1;
      }
    }
    return -1;
  }

  private int slot(byte[] array, int from, int to) {
    return ByteSearch.hash(array, from, to) & (table.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (table.length - 1);
  }
}
