package io.github.dynamokc.lineage;

import io.github.dynamokc.offset.ShardOffset;
import org.jspecify.annotations.Nullable;

/**
 * A shard as the stream's listing has it, with its offset.
 *
 * @param parent the parent's id, null for none; the parent may be gone from the listing
 * @param endingSequence the shard's last sequence number, null while it is open
 * @param offset what is committed of the shard, null for nothing
 * @param overdue whether its parent was finished so long ago that a task that reads its lineage
 *     would have given it an offset by now
 */
public record ObservedShard(
    String id,
    @Nullable String parent,
    @Nullable String endingSequence,
    @Nullable ShardOffset offset,
    boolean overdue) {}
