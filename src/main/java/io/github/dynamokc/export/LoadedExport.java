package io.github.dynamokc.export;

import io.github.dynamokc.offset.SourcePartition;

/**
 * The export whose items are loaded.
 *
 * @param table the table's name
 * @param arn the export's ARN
 * @param timeMs its point in time, epoch ms
 * @param version the document version of all its items
 */
public record LoadedExport(String table, String arn, long timeMs, long version) {
  SourcePartition.OfFile partition(String fileKey) {
    return new SourcePartition.OfFile(table, arn, fileKey);
  }
}
