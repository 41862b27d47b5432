package io.github.dynamokc.json;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of the members of the objects that a cursor is in, each of which an object may have
 * once. Names are kept as places in the cursor's array, with their hashes. Most objects have a few:
 * 64 bits tell of nearly each name that it is new, and else the hashes are looked through. An
 * object with many has a hash table, so that time grows with their number only. Not thread-safe.
 */
final class MemberNames {
  /** From here on an object has a table. */
  private static final int MANY = 48;

  private static final int FIRST_SIZE = 8;

  private int depth;
  private Scope[] scopes = {};

  private int count;
  private int[] hashes = {};
  private int[] froms = {};
  private int[] tos = {};

  /** An object; used again for others at its depth. */
  private static final class Scope {
    /** Where it starts in the array. */
    private int at;

    /** The first of its names. */
    private int first;

    /** Whether it is wide: the table has its names. */
    private boolean wide;

    private long filter;

    /** Places of names, one more than they are, at their hashes or behind; 0 is a free slot. */
    private int[] table = {};

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
    if (depth == scopes.length) {
      scopes = Arrays.copyOf(scopes, Math.max(FIRST_SIZE, depth * 2));
      for (int i = depth; i < scopes.length; i++) {
        scopes[i] = new Scope();
      }
    }
    Scope scope = scopes[depth++];
    scope.at = at;
    scope.first = count;
    scope.filter = 0;
    scope.wide = false;
    scope.texts = null;
  }

  /** Steps out of the object. */
  void end() {
    count = scopes[--depth].first;
  }

  /** Steps out of all objects that start at or behind a place. */
  void rewind(int at) {
    while (depth > 0 && scopes[depth - 1].at >= at) {
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
    Scope scope = scopes[depth - 1];
    if (!plain || scope.texts != null) {
      return texts(scope, array).add(JsonEscapes.text(array, from, to));
    }
    int hash = ByteSearch.hash(array, from, to);
    if (count - scope.first >= MANY) {
      return addToTable(scope, array, from, to, hash);
    }
    long bit = 1L << hash;
    if ((scope.filter & bit) != 0) {
      for (int i = scope.first; i < count; i++) {
        if (isAt(i, array, from, to, hash)) {
          return false;
        }
      }
    }
    scope.filter |= bit;
    append(from, to, hash);
    return true;
  }

  private boolean addToTable(Scope scope, byte[] array, int from, int to, int hash) {
    int names = count - scope.first;
    if (!scope.wide || names * 2 >= scope.table.length) {
      fillTable(scope, names);
    }
    int slot = hash & scope.table.length - 1;
    while (scope.table[slot] != 0) {
      if (isAt(scope.table[slot] - 1, array, from, to, hash)) {
        return false;
      }
      slot = slot + 1 & scope.table.length - 1;
    }
    append(from, to, hash);
    scope.table[slot] = count;
    return true;
  }

  private void fillTable(Scope scope, int names) {
    if (names * 2 >= scope.table.length || names * 32 < scope.table.length) {
      scope.table = new int[Integer.highestOneBit(names) * 8];
    } else {
      Arrays.fill(scope.table, 0);
    }
    scope.wide = true;
    for (int i = scope.first; i < count; i++) {
      int slot = hashes[i] & scope.table.length - 1;
      while (scope.table[slot] != 0) {
        slot = slot + 1 & scope.table.length - 1;
      }
      scope.table[slot] = i + 1;
    }
  }

  private boolean isAt(int index, byte[] array, int from, int to, int hash) {
    return hashes[index] == hash && Arrays.equals(array, froms[index], tos[index], array, from, to);
  }

  private void append(int from, int to, int hash) {
    if (count == hashes.length) {
      int more = Math.max(FIRST_SIZE, count * 2);
      hashes = Arrays.copyOf(hashes, more);
      froms = Arrays.copyOf(froms, more);
      tos = Arrays.copyOf(tos, more);
    }
    hashes[count] = hash;
    froms[count] = from;
    tos[count] = to;
    count++;
  }

  private Set<String> texts(Scope scope, byte[] array) {
    Set<String> texts = scope.texts;
    if (texts == null) {
      texts = new HashSet<>();
      for (int i = scope.first; i < count; i++) {
        texts.add(JsonEscapes.text(array, froms[i], tos[i]));
      }
      scope.texts = texts;
    }
    return texts;
  }
}
