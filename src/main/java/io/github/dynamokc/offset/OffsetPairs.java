package io.github.dynamokc.offset;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A few entries that never change, in one array. Its text is for logs: Connect writes offsets there
 * with records, and long values would fill them.
 */
final class OffsetPairs extends AbstractMap<String, Object> {
  private static final int LONG = 100;

  private final Object[] pairs;

  /**
   * @param pairs each key, of which there are no two alike, with its value; taken over
   */
  OffsetPairs(Object[] pairs) {
    this.pairs = pairs;
  }

  @Override
  public int size() {
    return pairs.length / 2;
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(key)) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public Set<Map.Entry<String, Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return pairs.length / 2;
      }

      @Override
      public Iterator<Map.Entry<String, Object>> iterator() {
        return new Entries();
      }
    };
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "{", "}");
    for (int i = 0; i < pairs.length; i += 2) {
      String value = pairs[i + 1].toString();
      text.add(pairs[i] + "=" + (value.length() > LONG ? value.length() + " characters" : value));
    }
    return text.toString();
  }

  private final class Entries implements Iterator<Map.Entry<String, Object>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < pairs.length;
    }

    @Override
    public Map.Entry<String, Object> next() {
      if (next == pairs.length) {
        throw new NoSuchElementException();
      }
      next += 2;
      return Map.entry((String) pairs[next - 2], pairs[next - 1]);
    }
  }
}
