package io.github.dynamokc.lineage;

/**
 * What a shard that has no offset takes over from its parent.
 *
 * @param version the parent's last document version
 * @param parentFinishedAt when the parent's end was reached, epoch ms
 */
public record Inheritance(long version, long parentFinishedAt) {}
