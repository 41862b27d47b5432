/**
 * From items and changes to Kafka Connect records: topics, keys, values, headers, status records.
 */
@NullMarked
package io.github.dynamokc.record;

import org.jspecify.annotations.NullMarked;
