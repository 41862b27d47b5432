package io.github.dynamokc.struct;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The optional columns of a struct in their order, only ever appended to. Immutable. */
final class Shape {
  static final Shape EMPTY = new Shape(List.of(), Set.of());

  private final List<Column> columns;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Set<String> refused;
  private final int fields;

  /**
   * @param refused attributes that are registered as something that no column can be
   */
  Shape(List<Column> columns, Set<String> refused) {
    this.columns = List.copyOf(columns);
    this.refused = Set.copyOf(refused);
    int count = 0;
    for (Column column : columns) {
      indexes.put(column.attribute(), indexes.size());
      count += 1 + column.type().fields();
    }
    fields = count;
  }

  List<Column> columns() {
    return columns;
  }

  int size() {
    return columns.size();
  }

  /** How many fields are in it, at all levels. */
  int fields() {
    return fields;
  }

  /** Which of the columns is an attribute's, -1 if none is. */
  int indexOf(String attribute) {
    Integer index = indexes.get(attribute);
    return index == null ? -1 : index;
  }

  Set<String> refused() {
    return refused;
  }

  /** Whether an attribute can never have a column. */
  boolean refuses(String attribute) {
    return refused.contains(attribute);
  }

  /**
   * The shape that has a column's attribute too.
   *
   * @param most how many columns there can be
   * @return this very shape if it has already; null if it cannot and the joining is strict
   */
  @Nullable Shape plus(Column column, int most, Joining joining) {
    int index = indexOf(column.attribute());
    if (index < 0) {
      return refuses(column.attribute()) || size() >= most
          ? orNull(joining)
          : new Shape(appended(column), refused);
    }
    ColumnType known = columns.get(index).type();
    ColumnType both = known.plus(column.type(), joining);
    if (both == null) {
      return null;
    }
    return both == known ? this : new Shape(replaced(index, both), refused);
  }

  /** The shape that has all columns of another one too; the same rules hold for each. */
  @Nullable Shape plus(Shape other, int most, Joining joining) {
    Shape all = this;
    for (Column column : other.columns) {
      Shape next = all.plus(column, most, joining);
      if (next == null) {
        return null;
      }
      all = next;
    }
    return all.refusing(other.refused);
  }

  private Shape refusing(Set<String> more) {
    if (refused.containsAll(more)) {
      return this;
    }
    Set<String> all = new HashSet<>(refused);
    all.addAll(more);
    return new Shape(columns, all);
  }

  private List<Column> appended(Column column) {
    List<Column> all = new ArrayList<>(columns);
    all.add(column);
    return all;
  }

  private List<Column> replaced(int index, ColumnType type) {
    List<Column> all = new ArrayList<>(columns);
    all.set(index, new Column(columns.get(index).attribute(), type));
    return all;
  }

  private @Nullable Shape orNull(Joining joining) {
    return joining == Joining.STRICT ? null : this;
  }
}
