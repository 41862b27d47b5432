package io.github.dynamokc.export;

import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.record.TableRecords;
import java.time.InstantSource;

/**
 * One export of one table, where its files are, and what its records are made of.
 *
 * @param metrics counts what is loaded
 */
public record SnapshotContext(
    ExportedData export,
    ExportBucket bucket,
    TableRecords records,
    TableMetrics metrics,
    InstantSource clock) {}
