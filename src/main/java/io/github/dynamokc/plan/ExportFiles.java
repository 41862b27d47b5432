package io.github.dynamokc.plan;

/**
 * Where the data files of a completed export are listed.
 *
 * @param exportArn the export's ARN
 * @param exportTimeMs its point in time, epoch ms
 * @param bucket the S3 bucket
 * @param manifestFilesKey S3 key of {@code manifest-files.json}
 */
public record ExportFiles(
    String exportArn, long exportTimeMs, String bucket, String manifestFilesKey) {}
