package io.github.dynamokc.lineage;

import org.jspecify.annotations.Nullable;

/**
 * A shard as DescribeStream shows it.
 *
 * @param parent the shard it continues, null for none
 * @param endingSequence its last sequence number, null while it is open
 */
public record Shard(String id, @Nullable String parent, @Nullable String endingSequence) {}
