package io.github.dynamokc.struct;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.Slice;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct.schema=columns}: a field for each attribute, found as the items come; the rules are
 * in the package's documentation. Readers share the known columns as an immutable snapshot, and
 * take a lock only to replace the snapshot by one with more columns. Thread-safe.
 *
 * <p>Other tasks and workers find columns too. So before columns are added, the registered ones are
 * merged in: columns of the same name then have one type everywhere.
 */
public final class ColumnStructs implements ItemStructs {
  private final KeyNames names;
  private final TypeInference types;
  private final SchemaEvolution evolution;
  private final RegisteredColumns registered;
  private final ReentrantLock growing = new ReentrantLock();
  private volatile TableColumns columns;

  /**
   * @param schemaName the name of the structs' schema, for instance {@code orders.Value}
   * @param latest where the columns that are registered already are looked up
   */
  public ColumnStructs(
      String schemaName,
      String partitionKey,
      @Nullable String sortKey,
      NumberMode mode,
      SchemaHistory latest) {
    this.names = new KeyNames(partitionKey, sortKey);
    this.types = new TypeInference(mode);
    this.evolution = new SchemaEvolution(names, types);
    this.registered = new RegisteredColumns(new AvroColumns(schemaName, names), latest);
    this.columns = TableColumns.none(schemaName, names);
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
      columns = registered.joinedWithEarlier(columns);
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
   * Adds the columns that an item needs, unless there are others than were seen.
   *
   * @param seen the columns that the item needs more than
   */
  void grow(TableColumns seen, Slice item) throws InterruptedException {
    growing.lockInterruptibly();
    try {
      if (columns == seen) {
        columns = evolution.evolve(registered.joined(seen), item);
        if (columns == seen) {
          throw new IllegalStateException("An item needs columns of which there are none to add");
        }
      }
    } finally {
      growing.unlock();
    }
  }
}
