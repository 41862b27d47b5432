package io.github.dynamokc.task;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.export.ExportBucket;
import io.github.dynamokc.export.ExportStatus;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.export.ManifestReader;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away all offsets of a table that is deleted. The table's own goes last, when the others are
 * gone: after a crash they are found once more.
 */
final class TableRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(TableRemoval.class);

  private final TaskTables tables;
  private final TaskOutput output;
  private final RetryingCalls calls;
  private final AwsClients aws;
  private final RequestListener requests;

  TableRemoval(
      TaskTables tables,
      TaskOutput output,
      RetryingCalls calls,
      AwsClients aws,
      RequestListener requests) {
    this.tables = tables;
    this.output = output;
    this.calls = calls;
    this.aws = aws;
    this.requests = requests;
  }

  void run(TableWork.Remove work) throws InterruptedException {
    String table = work.table();
    TableOffset offset = tables.offsets().table(table);
    if (offset == null || !offset.registration().tableId().equals(work.tableId())) {
      LOG.info("Table {}: the deleted one is removed already", table);
      return;
    }
    List<String> files = files(table, offset);
    List<SourcePartition> left = left(table, offset, files);
    for (SourcePartition partition : left) {
      output.announce(StatusType.SHARD_RETIRED, partition, null);
    }
    while (!left(table, offset, files).isEmpty()) {
      calls.pause(tables.config(table).snapshot().exportPollInterval());
    }
    for (String task : tables.taskNumbers()) {
      output.announce(StatusType.SHARD_RETIRED, new SourcePartition.OfShards(table, task), null);
      output.announce(StatusType.SHARD_RETIRED, new SourcePartition.OfCounts(table, task), null);
    }
    output.announce(StatusType.SHARD_RETIRED, new SourcePartition.OfTrouble(table), null);
    LOG.info("Table {} is removed: {}", table, work.reason());
    output.announce(
        StatusType.TABLE_REMOVED,
        new SourcePartition.OfTable(table),
        null,
        Map.of("tableId", work.tableId(), "reason", work.reason()));
  }

  /** The shards and data files that still have offsets. */
  private List<SourcePartition> left(String table, TableOffset offset, List<String> files) {
    List<SourcePartition> left = new ArrayList<>();
    tables
        .offsets()
        .shardsOf(table, tables.taskNumbers())
        .forEach((stream, shards) -> left.addAll(shards(table, stream, shards)));
    TableOffset.Export export = offset.export();
    if (export != null) {
      tables
          .offsets()
          .files(table, export.arn(), files)
          .keySet()
          .forEach(file -> left.add(new SourcePartition.OfFile(table, export.arn(), file)));
    }
    return left;
  }

  private List<SourcePartition> shards(String table, String stream, Collection<String> shards) {
    return tables.offsets().shards(table, stream, shards).keySet().stream()
        .<SourcePartition>map(shard -> new SourcePartition.OfShard(table, stream, shard))
        .toList();
  }

  /** The data files of the table's export, as far as its manifest is still there. */
  private List<String> files(String table, TableOffset offset) throws InterruptedException {
    TableOffset.Export export = offset.export();
    if (export == null) {
      return List.of();
    }
    try {
      ExportStatus status = ExportStatus.read(aws.dynamoDb(), calls, requests, export.arn());
      if (!(status instanceof ExportStatus.Completed completed)) {
        return List.of();
      }
      ExportBucket bucket =
          ExportBucket.of(aws, tables.config(table).snapshot(), completed.bucket(), requests);
      return new ManifestReader(bucket, calls)
          .read(completed.manifestSummaryKey()).files().stream().map(DataFile::key).toList();
    } catch (ConnectException e) {
      LOG.warn(
          "Table {}: its export {} cannot be read any more. The offsets of its data files stay, which does no harm",
          table,
          export.arn(),
          e);
      return List.of();
    }
  }
}
