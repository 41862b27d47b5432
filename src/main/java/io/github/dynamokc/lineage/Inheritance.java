package io.github.dynamokc.lineage;

import com.fasterxml.jackson.annotation.JsonAlias;

/**
 * What a shard that has no offset takes over from its parent.
 *
 * @param version the parent's last document version
 * @param readUpTo up to when the parent was read, epoch ms: what the shard holds came after it.
 *     Plans of 0.1.0 have the time at which the parent's end was reached instead.
 */
public record Inheritance(long version, @JsonAlias("parentFinishedAt") long readUpTo) {}
