package io.github.dynamokc.export;

import io.github.dynamokc.record.TableRecords;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One export of one table, and what its records are made of.
 *
 * @param exportTimeMs the export's point in time, epoch ms
 * @param version the document version of all its items
 * @param bucketOwner the account that must own the bucket, null for no check
 */
public record SnapshotSource(
    String table,
    String exportArn,
    long exportTimeMs,
    long version,
    S3Client s3,
    String bucket,
    @Nullable String bucketOwner,
    TableRecords records) {}
