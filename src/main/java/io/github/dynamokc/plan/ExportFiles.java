package io.github.dynamokc.plan;

import io.github.dynamokc.offset.ExportWindow;
import org.jspecify.annotations.Nullable;

/**
 * Where the data files of a completed export are listed.
 *
 * @param exportArn the export's ARN
 * @param exportTimeMs its point in time, epoch ms
 * @param bucket the S3 bucket
 * @param manifestFilesKey S3 key of {@code manifest-files.json}
 * @param window what an incremental export is of; null for a full one
 */
public record ExportFiles(
    String exportArn,
    long exportTimeMs,
    String bucket,
    String manifestFilesKey,
    @Nullable ExportWindow window) {

  /** Of a full export. */
  public ExportFiles(String exportArn, long exportTimeMs, String bucket, String manifestFilesKey) {
    this(exportArn, exportTimeMs, bucket, manifestFilesKey, null);
  }

  /** Of an incremental export, whose point in time is the end of its window. */
  public static ExportFiles of(
      ExportWindow window, String exportArn, String bucket, String manifestFilesKey) {
    return new ExportFiles(exportArn, window.toMs(), bucket, manifestFilesKey, window);
  }
}
