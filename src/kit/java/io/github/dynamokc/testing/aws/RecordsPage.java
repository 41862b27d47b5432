package io.github.dynamokc.testing.aws;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of GetRecords.
 *
 * @param nextShardIterator null at the end of a closed shard
 */
public record RecordsPage(List<ScriptedRecord> records, @Nullable String nextShardIterator) {
  public RecordsPage {
    records = List.copyOf(records);
  }
}
