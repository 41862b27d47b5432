package io.github.dynamokc.export;

import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.record.TableRecords;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One export of one table, and what its records are made of.
 *
 * @param exportTimeMs the export's point in time, epoch ms
 * @param version the document version of all its items
 * @param bucketOwner the account that must own the bucket, null for no check
 * @param requests hears of the requests to S3
 * @param metrics counts what is loaded
 */
public record SnapshotContext(
    String table,
    String exportArn,
    long exportTimeMs,
    long version,
    S3Client s3,
    String bucket,
    @Nullable String bucketOwner,
    TableRecords records,
    RequestListener requests,
    TableMetrics metrics,
    InstantSource clock) {}
