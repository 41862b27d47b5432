package io.github.dynamokc.stream;

import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.record.TableRecords;
import io.github.dynamokc.record.TaskOutput;

/**
 * Where the changes of a stream go, and what is counted of them.
 *
 * @param records how the records of the table are made
 * @param lag up to what time the shards are read
 */
public record StreamSink(
    TableRecords records, TaskOutput output, TableMetrics metrics, StreamLag lag) {}
