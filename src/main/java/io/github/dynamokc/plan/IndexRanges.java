package io.github.dynamokc.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * A set of indexes written short, as {@code 0-3,7,9-12}: data files are named in task configs by
 * their place in the manifest, so that tens of thousands fit.
 */
public record IndexRanges(List<Integer> indexes) {
  public IndexRanges {
    indexes = List.copyOf(new TreeSet<>(indexes));
  }

  public static IndexRanges of(Collection<Integer> indexes) {
    return new IndexRanges(List.copyOf(indexes));
  }

  /**
   * @throws IllegalArgumentException if {@code text} is not written as {@link #text()} does
   */
  @JsonCreator
  public static IndexRanges parse(String text) {
    List<Integer> indexes = new ArrayList<>();
    for (String range : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      if (last < first) {
        throw new IllegalArgumentException("The range " + range + " ends before it starts");
      }
      for (int index = first; index <= last; index++) {
        indexes.add(index);
      }
    }
    return new IndexRanges(indexes);
  }

  @JsonValue
  public String text() {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < indexes.size()) {
      int first = indexes.get(at);
      int last = first;
      while (++at < indexes.size() && indexes.get(at) == last + 1) {
        last++;
      }
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (last > first) {
        text.append('-').append(last);
      }
    }
    return text.toString();
  }
}
