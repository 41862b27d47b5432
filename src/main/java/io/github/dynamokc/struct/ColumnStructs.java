package io.github.dynamokc.struct;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.Slice;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct.schema=columns}: a field for each attribute, found as the items come; the rules are
 * in the package's documentation. Readers share the known columns as an immutable snapshot, and
 * take a lock only to replace the snapshot by one with more columns. Thread-safe.
 *
 * <p>Other tasks and workers find columns too: {@link ColumnLog} decides between them.
 */
public final class ColumnStructs implements ItemStructs {
  private final KeyNames names;
  private final TypeInference types;
  private final SchemaEvolution evolution;
  private final ColumnLog log;
  private final ReentrantLock growing = new ReentrantLock();
  private volatile TableColumns columns;

  private ColumnStructs(KeyNames names, NumberMode mode, TableColumns none, ColumnLog log) {
    this.names = names;
    this.types = new TypeInference(mode);
    this.evolution = new SchemaEvolution(names, types);
    this.log = log;
    this.columns = none;
  }

  /**
   * Columns that this task alone decides about, anew after each start.
   *
   * @param schemaName the name of the structs' schema, for instance {@code orders.Value}
   */
  public static ColumnStructs unregistered(
      String schemaName, String partitionKey, @Nullable String sortKey, NumberMode mode) {
    KeyNames names = new KeyNames(partitionKey, sortKey);
    return new ColumnStructs(
        names, mode, TableColumns.none(schemaName, names), ColumnLog.unregistered());
  }

  /**
   * Columns that all who write to a topic agree about.
   *
   * @param schemaName the name of the structs' schema, for instance {@code orders.Value}
   * @param registry where they agree
   * @param values what is registered before it is used, if it is known
   */
  public static ColumnStructs registered(
      String schemaName,
      String partitionKey,
      @Nullable String sortKey,
      NumberMode mode,
      ColumnRegistry registry,
      ValueSchema values) {
    KeyNames names = new KeyNames(partitionKey, sortKey);
    TableColumns none = TableColumns.none(schemaName, names);
    AvroColumns avro = new AvroColumns(schemaName, names);
    return new ColumnStructs(
        names, mode, none, new RegisteredColumns(registry, avro, none, values));
  }

  /**
   * Takes over the columns that are registered; to be called at the start of the work.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException if they cannot be looked up
   * @throws InterruptedException if the work is stopped
   */
  public void seed() throws InterruptedException {
    growing.lockInterruptibly();
    try {
      columns = log.grow(columns, known -> known);
    } finally {
      growing.unlock();
    }
  }

  @Override
  public ItemStructReader reader() {
    return new ColumnReader(this, names, types);
  }

  TableColumns columns() {
    return columns;
  }

  /**
   * Adds the columns that the images of an item need, unless there are others than were seen. If
   * one of the images cannot be read, none are added.
   *
   * @param seen the columns that the item needs more than
   */
  void grow(TableColumns seen, List<Slice> images) throws InterruptedException {
    growing.lockInterruptibly();
    try {
      if (columns == seen) {
        columns = log.grow(seen, known -> grown(known, images));
      }
    } finally {
      growing.unlock();
    }
  }

  private TableColumns grown(TableColumns known, List<Slice> images) {
    TableColumns grown = known;
    for (Slice image : images) {
      grown = evolution.evolve(grown, image);
    }
    ColumnReader reader = new ColumnReader(this, names, types);
    for (Slice image : images) {
      reader.check(image, grown);
    }
    return grown;
  }
}
