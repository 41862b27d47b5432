package io.github.dynamokc.struct;

import io.github.dynamokc.config.NumberMode;
import org.jspecify.annotations.Nullable;

/** {@code struct.schema=columns}: a field for each attribute. Thread-safe. */
public final class ColumnStructs implements ItemStructs {
  /**
   * @param schemaName the name of the structs' schema, for instance {@code orders.Value}
   * @param latest where the columns that are registered already are looked up
   */
  public ColumnStructs(
      String schemaName,
      String partitionKey,
      @Nullable String sortKey,
      NumberMode mode,
      LatestSchema latest) {}

  /**
   * Takes over the columns that are registered; to be called at the start of the work.
   *
   * @throws InterruptedException if the work is stopped
   */
  public void seed() throws InterruptedException {}

  @Override
  public ItemStructReader reader() {
    throw new UnsupportedOperationException();
  }
}
