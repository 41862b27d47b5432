/**
 * What Connect has committed for this connector, as types: source partitions, source offsets, the
 * reader that loads them, and the count of records that Kafka has not acknowledged yet.
 *
 * <p>Partition and offset maps are made and unmade here and nowhere else: Connect compares
 * partitions as serialized bytes, so one map type and one set of keys must be used by all.
 */
@NullMarked
package io.github.dynamokc.offset;

import org.jspecify.annotations.NullMarked;
