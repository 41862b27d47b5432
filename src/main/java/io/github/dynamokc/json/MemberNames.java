package io.github.dynamokc.json;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of the members of the objects that a cursor is in, each of which an object may have
 * once. Names are kept as places in the cursor's array, each with a number made of its ends. Most
 * objects have a few: 64 bits tell of nearly each name that it is new, and else the numbers are
 * looked through. An object with many names has a hash table, so that time grows with their number
 * only. Not thread-safe.
 */
final class MemberNames {
  /** From here on an object has a table. */
  private static final int MANY = 48;

  private static final int FIRST_SIZE = 8;

  /** Of the object that the cursor is in: where its names begin, and where they are many. */
  private int first;

  private int limit;

  /** A bit for each name of the object. */
  private long filter;

  /** The same of the objects around it, and where each starts in the array. */
  private Outer[] outers = {};

  private int depth;

  /** For each name its ends, and its place: from in the upper half, to in the lower. */
  private long[] names = {};

  private int count;

  private static final class Outer {
    private int at;
    private int first;
    private int limit;
    private long filter;
    private final WideObject inner = new WideObject();
  }

  /** The names of an object that has many of them, or one with escapes; used again for others. */
  private static final class WideObject {
    /** Numbers of names, from 1, at their hashes or behind; 0 is a free slot. */
    private int[] table = {};

    /** How many names of the object are in the table. */
    private int names;

    /** All names as texts, if one of them has escapes. */
    private @Nullable Set<String> texts;
  }

  /** Forgets all objects. */
  void clear() {
    depth = 0;
    count = 0;
  }

  /**
   * Steps into an object.
   *
   * @param at where in the array it starts
   */
  void begin(int at) {
    if (depth == outers.length) {
      moreDepth();
    }
    Outer outer = outers[depth++];
    outer.at = at;
    outer.first = first;
    outer.limit = limit;
    outer.filter = filter;
    first = count;
    limit = count + MANY;
    filter = 0;
  }

  /** Steps out of the object. */
  void end() {
    count = first;
    Outer outer = outers[--depth];
    first = outer.first;
    limit = outer.limit;
    filter = outer.filter;
  }

  /** Steps out of all objects that start at or behind a place. */
  void rewind(int at) {
    while (depth > 0 && outers[depth - 1].at >= at) {
      end();
    }
  }

  /**
   * Adds a name to the object.
   *
   * @param plain whether the name has no escapes
   * @return false if the object has it already
   */
  boolean add(byte[] array, int from, int to, boolean plain) {
    if (!plain || count >= limit) {
      return addToWide(array, from, to, plain);
    }
    long ends = ByteSearch.ends(array, from, to);
    long bit = 1L << (ends >>> 58);
    if ((filter & bit) != 0 && isKnown(array, from, to, ends)) {
      return false;
    }
    filter |= bit;
    append(from, to, ends);
    return true;
  }

  private boolean isKnown(byte[] array, int from, int to, long ends) {
    for (int i = first; i < count; i++) {
      if (isAt(i, array, from, to, ends)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAt(int index, byte[] array, int from, int to, long ends) {
    return names[2 * index] == ends
        && Arrays.equals(array, fromOf(index), toOf(index), array, from, to);
  }

  private void append(int from, int to, long ends) {
    int at = 2 * count++;
    if (at == names.length) {
      names = Arrays.copyOf(names, Math.max(2 * FIRST_SIZE, 2 * at));
    }
    names[at] = ends;
    names[at + 1] = ((long) from << Integer.SIZE) | to;
  }

  private int fromOf(int index) {
    return (int) (names[2 * index + 1] >>> Integer.SIZE);
  }

  private int toOf(int index) {
    return (int) names[2 * index + 1];
  }

  private void moreDepth() {
    outers = Arrays.copyOf(outers, Math.max(FIRST_SIZE, depth * 2));
    for (int i = depth; i < outers.length; i++) {
      outers[i] = new Outer();
    }
  }

  private boolean addToWide(byte[] array, int from, int to, boolean plain) {
    WideObject wide = outers[depth - 1].inner;
    if (limit >= first) {
      // From now on all its names come here.
      limit = -1;
      wide.names = 0;
      wide.texts = null;
    }
    Set<String> texts = wide.texts;
    if (texts == null && !plain) {
      texts = texts(array);
      wide.texts = texts;
    }
    return texts == null
        ? addToTable(wide, array, from, to)
        : texts.add(JsonEscapes.text(array, from, to));
  }

  private boolean addToTable(WideObject wide, byte[] array, int from, int to) {
    if (wide.names == 0 || 2 * wide.names >= wide.table.length) {
      fillTable(wide, array);
    }
    long ends = ByteSearch.ends(array, from, to);
    int slot = ByteSearch.hash(array, from, to) & (wide.table.length - 1);
    while (wide.table[slot] != 0) {
      if (isAt(wide.table[slot] - 1, array, from, to, ends)) {
        return false;
      }
      slot = (slot + 1) & (wide.table.length - 1);
    }
    append(from, to, ends);
    wide.table[slot] = count;
    wide.names++;
    return true;
  }

  private void fillTable(WideObject wide, byte[] array) {
    wide.names = count - first;
    int size = Math.max(MANY, Integer.highestOneBit(wide.names + 1)) * 8;
    int length = Integer.highestOneBit(size);
    if (length == wide.table.length) {
      Arrays.fill(wide.table, 0);
    } else {
      wide.table = new int[length];
    }
    for (int i = first; i < count; i++) {
      int slot = ByteSearch.hash(array, fromOf(i), toOf(i)) & (length - 1);
      while (wide.table[slot] != 0) {
        slot = (slot + 1) & (length - 1);
      }
      wide.table[slot] = i + 1;
    }
  }

  private Set<String> texts(byte[] array) {
    Set<String> texts = new HashSet<>();
    for (int i = first; i < count; i++) {
      texts.add(JsonEscapes.text(array, fromOf(i), toOf(i)));
    }
    return texts;
  }
}
