package io.github.dynamokc.struct;

import io.github.dynamokc.item.ItemKey;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Reads items into the known columns in one pass and without a lock, and adds columns when an item
 * needs them. Not thread-safe.
 */
final class ColumnReader implements ItemStructReader {
  private final ColumnStructs structs;
  private final KeyNames names;
  private final JsonCursor cursor = new JsonCursor();
  private final ColumnFiller filler;

  ColumnReader(ColumnStructs structs, KeyNames names, TypeInference types) {
    this.structs = structs;
    this.names = names;
    this.filler = new ColumnFiller(names, types);
  }

  @Override
  public Struct read(JsonCursor item) throws InterruptedException {
    return read(item, TableColumns::itemFields);
  }

  @Override
  public Struct readImage(JsonCursor item) throws InterruptedException {
    return read(item, TableColumns::imageFields);
  }

  private Struct read(JsonCursor item, Function<TableColumns, ItemFields> fields)
      throws InterruptedException {
    item.peek();
    int start = item.position();
    TableColumns lacking = null;
    while (true) {
      TableColumns columns = structs.columns();
      Struct struct = filler.fill(item, columns, fields.apply(columns));
      if (struct != null) {
        return struct;
      }
      item.rewind(start);
      lacking = grow(lacking, columns, List.of(item.readObject()));
      item.rewind(start);
    }
  }

  @Override
  public ItemKey key() {
    return names.key(filler.partitionKey(), filler.sortKey());
  }

  @Override
  public Struct read(Slice item) throws InterruptedException {
    TableColumns lacking = null;
    while (true) {
      TableColumns columns = structs.columns();
      Struct struct = read(item, columns, columns.itemFields());
      if (struct != null) {
        return struct;
      }
      lacking = grow(lacking, columns, List.of(item));
    }
  }

  /**
   * Adds columns.
   *
   * @param before those that were added to last
   * @return those that are added to now
   */
  private TableColumns grow(@Nullable TableColumns before, TableColumns now, List<Slice> images)
      throws InterruptedException {
    if (before != null && before.item().equals(now.item())) {
      throw new IllegalStateException("An item needs columns of which there are none to add");
    }
    structs.grow(now, images);
    return now;
  }

  /**
   * Reads an item into columns that may come to be used.
   *
   * @throws MalformedJsonException if it cannot be read
   */
  void check(Slice item, TableColumns columns) {
    read(item, columns, columns.itemFields());
  }

  @Override
  public Images read(@Nullable Slice before, @Nullable Slice after) throws InterruptedException {
    if (before == null && after == null) {
      throw new IllegalArgumentException("No image");
    }
    List<Slice> images = Stream.of(before, after).filter(Objects::nonNull).toList();
    TableColumns lacking = null;
    while (true) {
      TableColumns columns = structs.columns();
      Struct old = before == null ? null : read(before, columns, columns.imageFields());
      Struct current = after == null ? null : read(after, columns, columns.imageFields());
      if ((before == null || old != null) && (after == null || current != null)) {
        return new Images(columns.image(), old, current);
      }
      lacking = grow(lacking, columns, images);
    }
  }

  /** Null if the item needs more columns. */
  private @Nullable Struct read(Slice item, TableColumns columns, ItemFields fields) {
    Struct struct = filler.fill(cursor.reset(item), columns, fields);
    if (struct != null) {
      cursor.expectEnd();
    }
    return struct;
  }
}
