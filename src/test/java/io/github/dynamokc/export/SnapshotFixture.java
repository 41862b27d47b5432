package io.github.dynamokc.export;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.testing.CommittedOffsets;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.HeardRequests;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.RecordForms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.connect.source.SourceRecord;

/** An export of the table {@code orders} in a fake S3, and the load of its files. */
final class SnapshotFixture {
  private static final String EXPORT = "arn:export";
  private static final String MANIFEST = "manifest-files.json";

  private final FakeS3 s3 = new FakeS3();
  private final CommittedOffsets offsets = new CommittedOffsets();
  private final StringBuilder manifest = new StringBuilder();
  private final RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
  final TableMetrics metrics = TableMetrics.unregistered();
  InstantSource clock = InstantSource.fixed(Instant.EPOCH);
  boolean toleratesErrors;
  long positionEvery = SnapshotLoad.POSITION_EVERY;
  private String[] form = {};
  private ExportedData data = new LoadedExport("orders", EXPORT, 1_700_020_441_123L, 1L);

  FakeS3 s3() {
    return s3;
  }

  static String item(int number) {
    return "{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"" + number + "\"}}";
  }

  static String line(int number) {
    return "{\"Item\":" + item(number) + "}";
  }

  static SourcePartition partition(String key) {
    return new SourcePartition.OfFile("orders", EXPORT, key);
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  static String md5(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Adds a good file of these lines. */
  SnapshotFixture file(String key, String lines) throws IOException {
    return file(key, lines, lines.lines().count());
  }

  /** Adds a file that the manifest says has so many items. */
  SnapshotFixture file(String key, String lines, long items) throws IOException {
    return object(key, gzip(lines), items);
  }

  SnapshotFixture object(String key, byte[] bytes, long items) {
    return object(key, bytes, items, md5(bytes));
  }

  /** Adds any object that the manifest calls a file, and what the manifest says of it. */
  SnapshotFixture object(String key, byte[] bytes, long items, String md5) {
    s3.put(key, bytes);
    manifest.append(
        "{\"itemCount\":%d,\"md5Checksum\":\"%s\",\"dataFileS3Key\":\"%s\"}%n"
            .formatted(items, md5, key));
    return this;
  }

  /** The export is an incremental one, whose changes have this version. */
  SnapshotFixture ofWindow(long version) {
    data = new LoadedWindow("orders", EXPORT, version);
    return this;
  }

  /** Sets keys of the connector that say how records are made. */
  SnapshotFixture form(String... keysAndValues) {
    form = keysAndValues;
    return this;
  }

  SnapshotFixture commit(String key, FileOffset offset) {
    return commit(key, offset.toConnect());
  }

  SnapshotFixture commit(String key, Map<String, ?> offset) {
    offsets.commit(partition(key).toConnect(), new HashMap<>(offset));
    return this;
  }

  /** Loads files by their places in the manifest, on this thread. */
  List<SourceRecord> load(Integer... indexes) throws InterruptedException {
    s3.put(MANIFEST, manifest.toString());
    TaskOutput output =
        new TaskOutput(
            queue,
            new StatusRecords("orders-status", RecordForms.status(), clock::instant, queue::fail),
            toleratesErrors);
    SnapshotContext context =
        new SnapshotContext(
            data,
            new ExportBucket(s3, FakeS3.BUCKET, null, new HeardRequests()),
            RecordForms.table("orders", "orders", "PK", "SK", form),
            metrics,
            clock::instant);
    SnapshotLoad load =
        SnapshotLoad.open(
            context,
            new RetryingCalls(
                new Retrier(
                    new ImpatientLatch(),
                    InstantSource.system(),
                    () -> 0L,
                    Duration.ofMinutes(10))),
            output,
            new OffsetReader(offsets),
            MANIFEST,
            Arrays.asList(indexes),
            positionEvery);
    while (load.loadNext()) {
      // The next file.
    }
    return records();
  }

  /** What was put for the task to poll since the last time. */
  List<SourceRecord> records() throws InterruptedException {
    return queue.poll(Integer.MAX_VALUE, Duration.ZERO);
  }
}
