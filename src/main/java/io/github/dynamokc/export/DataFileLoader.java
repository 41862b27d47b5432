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
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.ZipException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads one data file of an export of either kind: its lines become records, and nothing is held
 * but a batch of them. The file is marked done only after its bytes gave the manifest's MD5 and its
 * lines the manifest's count. One loader a file.
 *
 * <p>A file that is half loaded goes on at the position that the offset of its last item has,
 * unless the object is another one by now. What is before it is not read again, and its checksum
 * goes on as well, so that the file is verified as a whole however often its load was begun.
 */
final class DataFileLoader {
  private static final Logger LOG = LoggerFactory.getLogger(DataFileLoader.class);

  private final SnapshotContext context;
  private final RetryingCalls calls;
  private final TaskOutput output;
  private final LoadProgress progress;
  private final long positionEvery;
  private final RecordBatch batch = new RecordBatch();

  /** How far the items of the file are emitted, by earlier loads or this one. */
  private FileOffset reached = new FileOffset(0, false);

  /**
   * @param positionEvery how many compressed bytes there are at least between two positions
   */
  DataFileLoader(
      SnapshotContext context,
      RetryingCalls calls,
      TaskOutput output,
      LoadProgress progress,
      long positionEvery) {
    this.context = context;
    this.calls = calls;
    this.output = output;
    this.progress = progress;
    this.positionEvery = positionEvery;
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
    reached = committed;
    String md5;
    progress.fileOpened();
    try {
      md5 = read(file, partition);
    } catch (IOException | UncheckedIOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      throw new ConnectException(name(file) + " cannot be read: " + e, e);
    } finally {
      progress.fileClosed();
    }
    verify(file, reached.items(), md5);
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

  /** Reads the file to its end, from where it can be; gives its MD5. */
  private String read(DataFile file, SourcePartition.OfFile partition)
      throws IOException, InterruptedException {
    FilePosition from = position(file);
    if (from != null) {
      long start = from.checkpoint().compressed();
      try (DataFileStream object = open(file, start, from.eTag())) {
        if (object.isThere()) {
          return emitItems(file, partition, object, from);
        }
        LOG.warn(
            "{} is not the object any more that was half read, or cannot be read from byte {} on. Reading it from its start",
            name(file),
            start);
      } catch (ZipException | EOFException e) {
        LOG.warn(
            "{} cannot be decompressed from byte {} on. Reading it from its start",
            name(file),
            start,
            e);
      }
    }
    try (DataFileStream object = open(file, 0, null)) {
      return emitItems(file, partition, object, null);
    }
  }

  /** Where the file can be read on, null for its start. */
  private @Nullable FilePosition position(DataFile file) {
    String text = reached.position();
    if (text == null) {
      return null;
    }
    FilePosition position = FilePosition.parsed(text);
    if (position == null || position.items() > reached.items()) {
      LOG.warn(
          "{}: the position in its offset is not one of its first {} items. Reading it from its start",
          name(file),
          reached.items());
      return null;
    }
    return position;
  }

  private DataFileStream open(DataFile file, long start, @Nullable String eTag) {
    return new DataFileStream(
        context.bucket().s3(), calls, context.bucket().object(file.key()), start, eTag);
  }

  /**
   * Emits the items behind those that are reached.
   *
   * @return the file's MD5
   */
  private String emitItems(
      DataFile file,
      SourcePartition.OfFile partition,
      DataFileStream object,
      @Nullable FilePosition from)
      throws IOException, InterruptedException {
    FileOffset before = reached;
    DataFileText text = new DataFileText(object, object::eTag, from, positionEvery);
    DataFileLines lines = context.export().lines(text, context.records(), partition, before);
    Reported reported = new Reported();
    try {
      while (lines.next()) {
        if (lines.count() <= before.items()) {
          continue;
        }
        emit(file, partition, lines, reported);
        reached = lines.offset();
        if (batch.isFull()) {
          reported.upTo(object);
          flush();
          reportIfDue(partition, reached);
        }
      }
    } catch (MalformedJsonException e) {
      throw new ConnectException(
          "%s, line %d, %s".formatted(name(file), lines.line(), notOfKind(e)), e);
    }
    reached = lines.offset();
    reported.upTo(object);
    return text.md5();
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
      progress.handedOver(items, object.received() - received, processed);
      items = 0;
      processed = 0;
      received = object.received();
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
}
