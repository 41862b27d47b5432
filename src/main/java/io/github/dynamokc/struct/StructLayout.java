package io.github.dynamokc.struct;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The optional columns of a struct in their order, only ever appended to. Immutable. */
final class StructLayout {
  static final StructLayout EMPTY = new StructLayout(List.of(), Set.of());

  private static final Logger LOG = LoggerFactory.getLogger(StructLayout.class);

  private final List<Column> columns;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Set<String> refused;
  private final int fields;
  private final long schemaBytes;

  /**
   * @param refused attributes that are registered as something that no column can be
   */
  StructLayout(List<Column> columns, Set<String> refused) {
    this.columns = List.copyOf(columns);
    this.refused = Set.copyOf(refused);
    int count = 0;
    long bytes = 0;
    for (Column column : columns) {
      indexes.put(column.attribute(), indexes.size());
      count += 1 + column.type().fields();
      bytes += column.schemaBytes();
    }
    fields = count;
    schemaBytes = bytes;
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

  /** The length of the fields in an Avro schema, in bytes of UTF-8; it may be less. */
  long schemaBytes() {
    return schemaBytes;
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
   * @return this very shape if it has already; null if it cannot and the mode is strict
   */
  @Nullable StructLayout merge(Column column, int most, MergeMode mode) {
    int index = indexOf(column.attribute());
    if (index < 0) {
      return refuses(column.attribute()) || size() >= most
          ? orNull(mode)
          : new StructLayout(appended(column), refused);
    }
    ColumnType known = columns.get(index).type();
    ColumnType both = known.merge(column.type(), mode);
    if (both == null) {
      return null;
    }
    return both == known ? this : new StructLayout(replaced(index, both), refused);
  }

  /** The shape that has all columns of another one too; the same rules hold for each. */
  @Nullable StructLayout merge(StructLayout other, int most, MergeMode mode) {
    StructLayout all = this;
    for (Column column : other.columns) {
      StructLayout next = all.merge(column, most, mode);
      if (next == null) {
        return null;
      }
      all = next;
    }
    return all.refusing(other.refused);
  }

  /**
   * The shape that has the columns of both, without those whose types Avro would take for one
   * another: these get no column any more.
   */
  StructLayout reconcile(StructLayout other) {
    Map<String, Column> all = new LinkedHashMap<>();
    columns.forEach(column -> all.put(column.attribute(), column));
    Set<String> never = new HashSet<>(refused);
    never.addAll(other.refused);
    for (Column column : other.columns) {
      Column known = all.get(column.attribute());
      ColumnType type = known == null ? column.type() : known.type().reconcile(column.type());
      if (type != null) {
        all.put(column.attribute(), new Column(column.attribute(), type));
      } else if (never.add(column.attribute())) {
        LOG.warn(
            "The attribute {} has columns of several types in the versions of the registered schema:"
                + " its values are in {} from now on.",
            column.attribute(),
            FieldNames.OTHER);
      }
    }
    all.keySet().removeAll(never);
    return new StructLayout(List.copyOf(all.values()), never);
  }

  /** The same columns, without ever one for these attributes. */
  StructLayout refusing(Set<String> more) {
    if (refused.containsAll(more)) {
      return this;
    }
    Set<String> all = new HashSet<>(refused);
    all.addAll(more);
    return new StructLayout(columns, all);
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

  private @Nullable StructLayout orNull(MergeMode mode) {
    return mode == MergeMode.STRICT ? null : this;
  }
}
