package io.github.dynamokc.testing;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.stream.ScriptedStreamApi;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.ScriptedStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExportStatus;

/**
 * A table {@code orders} with its stream and its export, what is committed of it, and a clock: all
 * that the monitor and the tasks of a connector see, in memory.
 */
public final class OrdersWorld {
  public static final String TABLE = "orders";
  public static final SourcePartition.OfTable PARTITION = new SourcePartition.OfTable(TABLE);
  public static final String EXPORT =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/export/01-ab";
  public static final String MANIFEST_FILES = "manifest-files.json";
  public static final Instant NOW = FakeDynamoDb.EXPORT_TIME.plus(Duration.ofMinutes(10));
  private static final String MANIFEST_SUMMARY = "manifest-summary.json";

  public final ManualClock clock = new ManualClock(NOW);
  public final ScriptedStreams streams = new ScriptedStreams(clock);
  public final ScriptedStream stream = streams.create(TABLE, "2023-11-01T00:00:00.000", "PK", "SK");
  public final ScriptedStreamApi streamApi = new ScriptedStreamApi(streams);
  public final FakeDynamoDb dynamoDb = new FakeDynamoDb().streamArn(stream.arn());
  public final FakeS3 s3 = new FakeS3();
  public final FakeAwsClients aws = new FakeAwsClients(dynamoDb, s3, clock);
  public final CommittedOffsets offsets = new CommittedOffsets();
  private final Map<String, String> props = new HashMap<>();

  public OrdersWorld() {
    props.put("name", "orders-source");
    props.put("tables", TABLE);
    props.put("export.s3.bucket", FakeS3.BUCKET);
  }

  /** Sets a key of the connector; null takes it away. */
  public OrdersWorld set(String key, @Nullable String value) {
    if (value == null) {
      props.remove(key);
    } else {
      props.put(key, value);
    }
    return this;
  }

  /** The connector's properties. */
  public Map<String, String> props() {
    return Map.copyOf(props);
  }

  public ConnectorConfig connector() {
    return ConnectorConfig.from(props);
  }

  public TableConfig table() {
    return connector().table(TABLE);
  }

  /** Calls that are repeated without a wait. */
  public RetryingCalls calls() {
    return new RetryingCalls(
        new Retrier(new ImpatientLatch(), clock, () -> 0L, Duration.ofMinutes(10)));
  }

  /** The table as it was registered, before its stream was followed. */
  public Registration registration() {
    return registration(stream.arn(), false);
  }

  /**
   * @param streamArn null for a table that had no stream
   * @param followed whether the stream was followed before there was a snapshot
   */
  public Registration registration(@Nullable String streamArn, boolean followed) {
    return new Registration(
        "table-id-1",
        "arn:aws:dynamodb:eu-central-1:123456789012:table/orders",
        streamArn,
        "PK",
        "SK",
        new Registration.Start(false, NOW.toEpochMilli() - 60_000, followed),
        null);
  }

  /** The table with its stream followed, and no snapshot. */
  public TableOffset.Registered followed() {
    return new TableOffset.Registered(registration(stream.arn(), true));
  }

  public TableOffset.ExportSubmitted submitted(long attempt) {
    return new TableOffset.ExportSubmitted(registration(), export(attempt));
  }

  public TableOffset.ExportLoaded loaded() {
    return new TableOffset.ExportLoaded(registration(), export(1));
  }

  public static TableOffset.Export export(long attempt) {
    return new TableOffset.Export(EXPORT, FakeDynamoDb.EXPORT_TIME.toEpochMilli(), "1", attempt);
  }

  public void commit(TableOffset offset) {
    offsets.commit(PARTITION, offset);
  }

  public void commit(String shard, ShardOffset offset) {
    commit(stream, shard, offset);
  }

  public void commit(ScriptedStream of, String shard, ShardOffset offset) {
    offsets.commit(new SourcePartition.OfShard(TABLE, of.arn(), shard), offset);
  }

  /** That so much of a data file is loaded. */
  public void commitFile(int index, long items, boolean done) {
    offsets.commit(
        new SourcePartition.OfFile(TABLE, EXPORT, fileKey(index)), new FileOffset(items, done));
  }

  public @Nullable SourceOffset committed() {
    return offsets.get(PARTITION);
  }

  /** A position of one who read the shard to its end at that time. */
  public static ShardOffset finished(Instant at) {
    return new ShardOffset.Finished(null, 7, at.toEpochMilli(), at.toEpochMilli(), null);
  }

  /** The stream is disabled and another one enabled at once, which has no shard yet. */
  public ScriptedStream replaceStream() {
    return replaceStream(clock.instant());
  }

  /**
   * The stream is disabled and another one enabled.
   *
   * @param enabled what the next stream's ARN shows
   */
  public ScriptedStream replaceStream(Instant enabled) {
    stream.disable();
    String label = LocalDateTime.ofInstant(enabled, ZoneOffset.UTC).toString();
    ScriptedStream next = streams.create(TABLE, label, "PK", "SK");
    dynamoDb.streamArn(next.arn());
    return next;
  }

  /** The stream is disabled, and no other enabled. */
  public void disableStream() {
    stream.disable();
    dynamoDb.streamDisabled();
  }

  public void exportFailed(String code, String message) {
    dynamoDb.describing(
        export ->
            export.exportStatus(ExportStatus.FAILED).failureCode(code).failureMessage(message));
  }

  public void exportInProgress() {
    dynamoDb.describing(export -> export);
  }

  /** The export is there, with one data file for each of these numbers of items. */
  public void exportCompleted(int... itemsOfFiles) {
    List<List<String>> files = new ArrayList<>();
    int next = 0;
    for (int items : itemsOfFiles) {
      files.add(
          IntStream.range(next, next + items)
              .mapToObj("{\"Item\":{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"%d\"}}}"::formatted)
              .toList());
      next += items;
    }
    exportCompleted(files);
  }

  /** The export is there, with data files of these lines. */
  public void exportCompleted(List<List<String>> files) {
    StringBuilder manifest = new StringBuilder();
    int total = 0;
    for (int index = 0; index < files.size(); index++) {
      List<String> lines = files.get(index);
      byte[] file = gzip(lines);
      s3.put(fileKey(index), file);
      manifest.append(
          "{\"itemCount\":%d,\"md5Checksum\":\"%s\",\"dataFileS3Key\":\"%s\"}%n"
              .formatted(lines.size(), md5(file), fileKey(index)));
      total += lines.size();
    }
    s3.put(MANIFEST_FILES, manifest.toString());
    s3.put(
        MANIFEST_SUMMARY,
        "{\"manifestFilesS3Key\":\"%s\",\"itemCount\":%d}".formatted(MANIFEST_FILES, total));
    dynamoDb.describing(
        export ->
            export
                .exportStatus(ExportStatus.COMPLETED)
                .s3Bucket(FakeS3.BUCKET)
                .exportManifest(MANIFEST_SUMMARY));
  }

  private static String fileKey(int index) {
    return "data/" + index + ".json.gz";
  }

  private static byte[] gzip(List<String> lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (String line : lines) {
        gzip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String md5(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
