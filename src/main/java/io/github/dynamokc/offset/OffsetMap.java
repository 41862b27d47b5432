package io.github.dynamokc.offset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes and reads the maps that Connect stores. Always a {@link HashMap}: Connect compares source
 * partitions by their serialized bytes, which follow the iteration order of the map, and itself
 * parses them into a {@code HashMap}. Any other map type would lose offsets at a restart.
 */
final class OffsetMap {
  private static final String NON_EMPTY = "a non-empty string";
  private static final String NOT_NEGATIVE = "a whole number of at least 0";

  private static final String DIGITS = "a sequence number of digits only";

  private OffsetMap() {}

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  static Builder builder() {
    return new Builder();
  }

  static Reader reader(String what, Map<?, ?> map) {
    return new Reader(what, map);
  }

  /**
   * Collects entries; an absent value leaves its key out. Nothing is put in that {@link Reader}
   * refuses: whoever tries has a fault, which is better seen before the offset is committed.
   */
  static final class Builder {
    /** Each key with its value. */
    private final List<Object> pairs = new ArrayList<>(10);

    Builder put(String key, String value) {
      if (value.isEmpty()) {
        throw unreadable(key, value, NON_EMPTY);
      }
      return add(key, value);
    }

    Builder put(String key, long value) {
      if (value < 0) {
        throw unreadable(key, value, NOT_NEGATIVE);
      }
      return add(key, value);
    }

    Builder put(String key, boolean value) {
      return add(key, value);
    }

    /** A text of digits only, as sequence numbers are. */
    Builder putDigitsIfPresent(String key, @Nullable String value) {
      if (value != null && !isDigits(value)) {
        throw unreadable(key, value, DIGITS);
      }
      return putIfPresent(key, value);
    }

    Builder putIfPresent(String key, @Nullable String value) {
      return value == null ? this : put(key, value);
    }

    private static IllegalArgumentException unreadable(String key, Object value, String expected) {
      return new IllegalArgumentException(
          "An offset with this could not be read back: '%s' must be %s, is '%s'"
              .formatted(key, expected, value));
    }

    private Builder add(String key, Object value) {
      pairs.add(key);
      pairs.add(value);
      return this;
    }

    /** Of a partition. */
    Map<String, Object> build() {
      Map<String, Object> map = new HashMap<>();
      for (int i = 0; i < pairs.size(); i += 2) {
        map.put((String) pairs.get(i), pairs.get(i + 1));
      }
      return map;
    }

    /**
     * Of an offset of which there is one for each record: it takes less than a {@link HashMap}.
     * Nobody compares offsets by their order.
     */
    Map<String, Object> offset() {
      return new OffsetPairs(pairs.toArray());
    }
  }

  /** Reads entries with their types checked, and refuses keys that are not known. */
  static final class Reader {
    private final String what;
    private final Map<?, ?> map;
    private final Set<String> known = new HashSet<>();

    private Reader(String what, Map<?, ?> map) {
      this.what = what;
      this.map = map;
    }

    @Nullable String optionalString(String key) {
      Object value = value(key);
      if (value == null) {
        return null;
      }
      if (value instanceof String text && !text.isEmpty()) {
        return text;
      }
      throw wrongType(key, value, NON_EMPTY);
    }

    @Nullable String optionalDigits(String key) {
      String text = optionalString(key);
      if (text != null && !isDigits(text)) {
        throw wrongType(key, text, DIGITS);
      }
      return text;
    }

    String string(String key) {
      String value = optionalString(key);
      if (value == null) {
        throw missing(key);
      }
      return value;
    }

    /** Reads a count, time or version; Connect hands back small numbers as Integer or Long. */
    long number(String key) {
      Object value = value(key);
      if (value == null) {
        throw missing(key);
      }
      if ((value instanceof Long || value instanceof Integer)
          && ((Number) value).longValue() >= 0) {
        return ((Number) value).longValue();
      }
      throw wrongType(key, value, NOT_NEGATIVE);
    }

    /** As {@link #number}, null if the key is absent. */
    @Nullable Long optionalNumber(String key) {
      return value(key) == null ? null : Long.valueOf(number(key));
    }

    /** Reads a mark that is either absent or true. */
    boolean mark(String key) {
      Object value = value(key);
      if (value == null) {
        return false;
      }
      if (value instanceof Boolean flag) {
        return flag;
      }
      throw wrongType(key, value, "true or false");
    }

    /** Reads a mark that is not to be there with any other value than true. */
    boolean onlyTrue(String key) {
      if (map.get(key) instanceof Boolean flag && !flag) {
        throw wrongType(key, flag, "true, or left out");
      }
      return mark(key);
    }

    /** Refuses keys that none of the calls before asked for. */
    void nothingElse() {
      for (Object key : map.keySet()) {
        if (!known.contains(String.valueOf(key))) {
          throw new MalformedOffsetException(
              what + " has an unknown key '" + key + "'; known here are " + sorted(known));
        }
      }
    }

    MalformedOffsetException wrongType(String key, Object value, String expected) {
      return new MalformedOffsetException(
          what
              + ": '"
              + key
              + "' must be "
              + expected
              + ", found "
              + value.getClass().getSimpleName()
              + " '"
              + value
              + "'");
    }

    private MalformedOffsetException missing(String key) {
      return new MalformedOffsetException(what + " has no '" + key + "'");
    }

    private @Nullable Object value(String key) {
      known.add(key);
      return map.get(key);
    }

    private static String sorted(Set<String> keys) {
      return keys.stream().sorted().toList().toString();
    }
  }
}
