package io.github.dynamokc.export;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.RecordBatch;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.OversizedRecordException;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Base64;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Loads one data file: its items become records, and nothing is held but a batch of them. The file
 * is marked done only after its bytes gave the manifest's MD5 and its lines the manifest's count.
 * One loader a file.
 */
final class DataFileLoader {
  private final SnapshotContext context;
  private final RetryingCalls calls;
  private final TaskOutput output;
  private final LoadProgress progress;
  private final RecordBatch batch = new RecordBatch();

  DataFileLoader(
      SnapshotContext context, RetryingCalls calls, TaskOutput output, LoadProgress progress) {
    this.context = context;
    this.calls = calls;
    this.output = output;
    this.progress = progress;
  }

  /**
   * @param loaded how many items of the file are committed; they are read but not emitted again
   * @throws ConnectException naming file, line and difference, if the file is not what the manifest
   *     says
   */
  void load(DataFile file, long loaded) throws InterruptedException {
    if (loaded > file.items()) {
      throw new ConnectException(
          "%s has %d items, as the manifest says, but its offset says that %d are loaded. Set \"items\" of the offset to what is loaded, or remove the offset to have the file loaded from its beginning"
              .formatted(name(file), file.items(), loaded));
    }
    SourcePartition.OfFile partition = context.export().partition(file.key());
    MessageDigest md5 = Md5.digest();
    long items;
    progress.fileOpened();
    try (DataFileStream object = open(file)) {
      items = emitItems(file, partition, loaded, object, new DigestInputStream(object, md5));
    } catch (IOException | UncheckedIOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      throw new ConnectException(name(file) + " cannot be read: " + e, e);
    } finally {
      progress.fileClosed();
    }
    verify(file, items, Base64.getEncoder().encodeToString(md5.digest()));
    progress.fileLoaded();
    batch.add(
        output
            .status()
            .progress(
                StatusType.DATA_FILE_LOADED,
                partition,
                new FileOffset(items, true),
                progress.report()));
    flush();
  }

  private DataFileStream open(DataFile file) {
    return new DataFileStream(context.bucket().s3(), calls, context.bucket().object(file.key()));
  }

  private long emitItems(
      DataFile file,
      SourcePartition.OfFile partition,
      long loaded,
      DataFileStream object,
      InputStream compressed)
      throws IOException, InterruptedException {
    DataFileItems items =
        new DataFileItems(
            compressed,
            context
                .records()
                .ofFile(
                    partition,
                    context.export().timeMs(),
                    context.export().version(),
                    DeliveryCallback.NO_OP));
    Reported reported = new Reported();
    boolean skipped = context.records().skipsSnapshot();
    try {
      while (items.next()) {
        if (items.count() <= loaded) {
          continue;
        }
        if (skipped) {
          reported.leftOut(items.length());
        } else {
          batch.add(record(file, partition, items, reported));
          if (batch.isFull()) {
            reported.upTo(object);
            flush();
            reportIfDue(partition, items.count());
          }
        }
      }
    } catch (MalformedJsonException e) {
      throw new ConnectException(
          name(file) + ", line " + items.line() + ", is not an item: " + e.getMessage(), e);
    }
    readToEnd(compressed);
    reported.upTo(object);
    return items.count();
  }

  /** The record of the item it stands at, or what the error policy puts in its place. */
  private TrackedRecord record(
      DataFile file, SourcePartition.OfFile partition, DataFileItems items, Reported reported)
      throws InterruptedException {
    try {
      TrackedRecord record = items.record();
      reported.items++;
      reported.processed += items.length();
      return record;
    } catch (MalformedJsonException e) {
      return skipped(file, partition, items, "is not an item: " + e.getMessage());
    } catch (OversizedRecordException e) {
      return skipped(file, partition, items, "cannot be written: " + e.getMessage());
    }
  }

  private TrackedRecord skipped(
      DataFile file, SourcePartition.OfFile partition, DataFileItems items, String problem) {
    progress.failed();
    return output.skipped(
        partition,
        new FileOffset(items.count(), false),
        "line",
        items.line(),
        "%s, line %d, %s".formatted(name(file), items.line(), problem),
        DeliveryCallback.NO_OP);
  }

  private void reportIfDue(SourcePartition.OfFile partition, long items)
      throws InterruptedException {
    if (progress.isReportDue()) {
      batch.add(
          output
              .status()
              .progress(
                  StatusType.SNAPSHOT_PROGRESS,
                  partition,
                  new FileOffset(items, false),
                  progress.report()));
    }
  }

  /** Up to where in a file progress was reported. */
  private final class Reported {
    private int items;
    private long received;
    private long processed;

    private void leftOut(int length) {
      context.metrics().add(Counter.EVENTS_SKIPPED_BY_OPERATION, 1);
      items++;
      processed += length;
    }

    private void upTo(DataFileStream object) {
      progress.handedOver(items, object.position() - received, processed);
      items = 0;
      processed = 0;
      received = object.position();
    }
  }

  private void flush() throws InterruptedException {
    output.put(batch.take());
  }

  private void verify(DataFile file, long items, String md5) {
    if (items != file.items()) {
      throw new ConnectException(
          "%s has %d items where the manifest says %d. The file is not what DynamoDB exported; set another snapshot.id to take a new export"
              .formatted(name(file), items, file.items()));
    }
    if (!md5.equals(file.md5())) {
      throw new ConnectException(
          "%s has MD5 %s where the manifest says %s. The file is not what DynamoDB exported; set another snapshot.id to take a new export"
              .formatted(name(file), md5, file.md5()));
    }
  }

  private String name(DataFile file) {
    return "Data file s3://%s/%s of table %s"
        .formatted(context.bucket().name(), file.key(), context.export().table());
  }

  /** What gunzip left unread belongs to the MD5 as well. */
  private static void readToEnd(InputStream in) throws IOException {
    byte[] rest = new byte[8192];
    while (in.read(rest) >= 0) {
      // Nothing to do with it.
    }
  }
}
