package io.github.dynamokc.export;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.RecordBatch;
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
 * Loads one data file of an export of either kind: its lines become records, and nothing is held
 * but a batch of them. The file is marked done only after its bytes gave the manifest's MD5 and its
 * lines the manifest's count. One loader a file.
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
   * @param committed how many items of the file are committed; they are read but not emitted again
   * @throws ConnectException naming file, line and difference, if the file is not what the manifest
   *     says
   */
  void load(DataFile file, FileOffset committed) throws InterruptedException {
    long loaded = committed.items();
    if (loaded > file.items()) {
      throw new ConnectException(
          "%s has %d items, as the manifest says, but its offset says that %d are loaded. Set \"items\" of the offset to what is loaded, or remove the offset to have the file loaded from its beginning"
              .formatted(name(file), file.items(), loaded));
    }
    SourcePartition.OfFile partition = context.export().partition(file.key());
    MessageDigest md5 = Md5.digest();
    FileOffset reached;
    progress.fileOpened();
    try (DataFileStream object = open(file)) {
      reached = emitItems(file, partition, committed, object, new DigestInputStream(object, md5));
    } catch (IOException | UncheckedIOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      throw new ConnectException(name(file) + " cannot be read: " + e, e);
    } finally {
      progress.fileClosed();
    }
    verify(file, reached.items(), Base64.getEncoder().encodeToString(md5.digest()));
    progress.fileLoaded();
    batch.add(
        output
            .status()
            .progress(
                StatusType.DATA_FILE_LOADED,
                partition,
                new FileOffset(reached.items(), true, reached.deletions()),
                progress.report()));
    flush();
  }

  private DataFileStream open(DataFile file) {
    return new DataFileStream(context.bucket().s3(), calls, context.bucket().object(file.key()));
  }

  /** How far the file is read: to its end. */
  private FileOffset emitItems(
      DataFile file,
      SourcePartition.OfFile partition,
      FileOffset committed,
      DataFileStream object,
      InputStream compressed)
      throws IOException, InterruptedException {
    DataFileLines lines =
        context.export().lines(compressed, context.records(), partition, committed);
    Reported reported = new Reported();
    try {
      while (lines.next()) {
        if (lines.count() <= committed.items()) {
          continue;
        }
        emit(file, partition, lines, reported);
        if (batch.isFull()) {
          reported.upTo(object);
          flush();
          reportIfDue(partition, lines.offset());
        }
      }
    } catch (MalformedJsonException e) {
      throw new ConnectException(
          "%s, line %d, %s".formatted(name(file), lines.line(), notOfKind(e)), e);
    }
    readToEnd(compressed);
    reported.upTo(object);
    return lines.offset();
  }

  /** Adds the records of the line it stands at, or what the error policy puts in their place. */
  private void emit(
      DataFile file, SourcePartition.OfFile partition, DataFileLines lines, Reported reported)
      throws InterruptedException {
    try {
      if (!lines.addTo(batch)) {
        context.metrics().add(Counter.EVENTS_SKIPPED_BY_OPERATION, 1);
      }
      reported.items++;
      reported.processed += lines.length();
    } catch (MalformedJsonException e) {
      skip(file, partition, lines, notOfKind(e));
    } catch (OversizedRecordException e) {
      skip(file, partition, lines, "cannot be written: " + e.getMessage());
    }
  }

  private void skip(
      DataFile file, SourcePartition.OfFile partition, DataFileLines lines, String problem) {
    progress.failed();
    batch.add(
        output.skipped(
            partition,
            lines.offset(),
            "line",
            lines.line(),
            "%s, line %d, %s".formatted(name(file), lines.line(), problem),
            DeliveryCallback.NO_OP));
  }

  private String notOfKind(MalformedJsonException problem) {
    return "is not %s: %s".formatted(context.export().lineKind(), problem.getMessage());
  }

  private void reportIfDue(SourcePartition.OfFile partition, FileOffset offset)
      throws InterruptedException {
    if (progress.isReportDue()) {
      batch.add(
          output
              .status()
              .progress(StatusType.SNAPSHOT_PROGRESS, partition, offset, progress.report()));
    }
  }

  /** Up to where in a file progress was reported. */
  private final class Reported {
    private int items;
    private long received;
    private long processed;

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
