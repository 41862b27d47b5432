package io.github.dynamokc.json;

import java.util.List;

/**
 * The names that members of one kind of object have. Members mostly come in the order in which they
 * came last time, so that is where it looks first. For one thread.
 */
public final class KnownNames {
  private final List<String> names;
  private final NameIndex index;
  private int next;

  /**
   * @param names in the order in which they mostly come
   */
  public KnownNames(String... names) {
    this.names = List.of(names);
    this.index = new NameIndex(this.names);
  }

  /** Which of the names the cursor has read last; empty if it is none of them. */
  public String of(JsonCursor in) {
    int found = index.indexOf(in, next);
    if (found < 0) {
      return "";
    }
    next = found + 1;
    return names.get(found);
  }
}
