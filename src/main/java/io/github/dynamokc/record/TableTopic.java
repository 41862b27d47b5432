package io.github.dynamokc.record;

import org.jspecify.annotations.Nullable;

/**
 * A table and where its records go.
 *
 * @param table the table's name
 * @param topic the topic for its items and changes
 * @param partitionKey name of the partition key attribute
 * @param sortKey name of the sort key attribute, null without one
 */
public record TableTopic(
    String table, String topic, String partitionKey, @Nullable String sortKey) {}
