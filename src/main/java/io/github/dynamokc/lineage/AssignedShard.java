package io.github.dynamokc.lineage;

import org.jspecify.annotations.Nullable;

/**
 * A shard that a task starts at.
 *
 * @param endingSequence its last sequence number, null if it was open when planned
 * @param inherited what its parent, which is finished, leaves to it; null for a root
 */
public record AssignedShard(
    String id, @Nullable String endingSequence, @Nullable Inheritance inherited) {}
