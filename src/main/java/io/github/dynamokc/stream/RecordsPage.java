package io.github.dynamokc.stream;

import io.github.dynamokc.event.ItemChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one GetRecords.
 *
 * @param changes in shard order; their slices share one array and live as long as the page. An
 *     empty page does not mean that the end was reached
 * @param nextIterator null at the end of a closed shard, also when this page has changes
 * @param bytes the sizes of the changes as DynamoDB tells them, in total
 */
public record RecordsPage(List<ItemChange> changes, @Nullable String nextIterator, long bytes) {}
