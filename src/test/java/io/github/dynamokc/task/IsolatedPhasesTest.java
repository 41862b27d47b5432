package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.EXPORT;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TroubleOffset;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.IndexRanges;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.stream.Timing;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.OrdersWorld;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.StreamFault;
import io.github.dynamokc.testing.aws.StreamOperation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One of five tables of a task fails, in each phase and in each way that the page on trouble knows
 * of a table: it is told of, and the four others are loaded to their ends.
 */
class IsolatedPhasesTest {
  private static final List<String> OTHERS = List.of("other-1", "other-2", "other-3", "other-4");
  private static final int ITEMS = 1_200;
  private static final Duration NEVER = Duration.ofDays(1);

  private final OrdersWorld world = new OrdersWorld();
  private final Map<MetricTags, TableMetrics> shown = new ConcurrentHashMap<>();
  private @Nullable RunningTask task;
  private int loaded;
  private int items;

  @AfterEach
  void close() {
    if (task != null) {
      task.close();
    }
  }

  static Stream<Arguments> failures() {
    TableWork prepare = new TableWork.Prepare(TABLE, 1);
    return Stream.of(
        failure("REGISTER, denied", prepare, w -> denied(w.dynamoDb), "dynamodb:DescribeTable"),
        failure("REGISTER, no table", prepare, w -> w.dynamoDb.deleted(), "dynamodb:DescribeTable"),
        failure("REGISTER, no stream", prepare, w -> w.dynamoDb.streamDisabled(), "has no stream"),
        failure(
            "EXPORT, denied",
            prepare,
            w -> w.dynamoDb.failSubmission(400, "AccessDeniedException"),
            "dynamodb:ExportTableToPointInTime"),
        failure(
            "EXPORT, no recovery",
            prepare,
            w -> w.dynamoDb.failSubmission(400, "PointInTimeRecoveryUnavailableException"),
            "dynamodb:ExportTableToPointInTime"),
        failure("LOAD, file denied", load(), w -> w.s3.deny("data/0.json.gz"), "s3:GetObject"),
        failure(
            "LOAD, file gone",
            load(),
            w -> w.s3.put("data/0.json.gz", "no gzip"),
            "data/0.json.gz of table orders"),
        failure("LOAD, broken line", load(), w -> broken(w, "{\"Item\":"), "line 2"),
        failure("LOAD, no key", load(), w -> broken(w, "{\"Item\":{}}"), "'PK' is missing"),
        failure("LOAD, other bytes", load(), IsolatedPhasesTest::otherBytes, "has MD5"),
        failure(
            "LOAD, too few items", load(), IsolatedPhasesTest::tooFew, "where the manifest says"),
        failure(
            "LOAD, offset ahead",
            load(),
            w -> w.commitFile(0, 99, false),
            "its offset says that 99 are loaded"),
        failure("STREAM, no offset", read(), w -> w.offsets.forget(of(TABLE)), "has no offset"),
        failure(
            "STREAM, unreadable change",
            read(),
            w -> append(w, "{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"1\"},\"v\":{\"X\":1}}"),
            "shard-1"),
        failure(
            "STREAM, denied",
            read(),
            w ->
                w.streams.failAlways(
                    StreamOperation.GET_SHARD_ITERATOR,
                    new StreamFault.Failure(400, "ValidationException", "no")),
            "shard-1"),
        failure(
            "STREAM, lost changes",
            read(),
            w ->
                w.commit(
                    "shard-1",
                    new ShardOffset.Started(
                        7, OrdersWorld.NOW.minus(Duration.ofHours(25)).toEpochMilli(), null)),
            "may be missing"),
        failure(
            "STREAM, malformed offset",
            read(),
            w ->
                w.offsets.commit(
                    new SourcePartition.OfShard(TABLE, w.stream.arn(), "shard-1").toConnect(),
                    Map.of("unheard of", 1L)),
            "unheard of"),
        failure(
            "REPAIR, no offset to hold", hold(), w -> w.offsets.forget(of(TABLE)), "has no offset"),
        failure(
            "REPAIR, no offset to export for",
            new TableWork.ExportGap(
                TABLE, 1, 1, List.of(new ExportWindow(0, 900_000)), null, List.of()),
            w -> w.offsets.forget(of(TABLE)),
            "has no offset"),
        failure(
            "COMPLETED, no offset",
            new TableWork.Complete(TABLE, true),
            w -> w.offsets.forget(of(TABLE)),
            "has no offset"));
  }

  private static Arguments failure(
      String name, TableWork work, Consumer<OrdersWorld> cause, String reason) {
    return Arguments.of(name, work, cause, reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void theFourOthersAreLoaded(
      String name, TableWork work, Consumer<OrdersWorld> cause, String reason)
      throws InterruptedException {
    List<List<String>> files = new ArrayList<>();
    files.add(List.of(line(0), line(1), line(2)));
    OTHERS.forEach(
        each -> files.add(IntStream.range(0, ITEMS).mapToObj(IsolatedPhasesTest::line).toList()));
    world.exportCompleted(files);
    world.stream.addShard("shard-1", null);
    if (!(work instanceof TableWork.Prepare)) {
      world.commit(work instanceof TableWork.LoadFiles ? world.submitted(1) : world.loaded());
    }
    cause.accept(world);
    start(work);
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    TroubleOffset told = null;
    while (loaded < OTHERS.size() || told == null) {
      assertThat(System.nanoTime()).as("%d loaded, told: %s", loaded, told).isLessThan(deadline);
      commit(requireNonNull(task).poll());
      told = (TroubleOffset) world.offsets.get(new SourcePartition.OfTrouble(TABLE));
    }

    assertThat(told.failed()).as(name).isTrue();
    assertThat(told.reason()).contains(reason);
    assertThat(items).isEqualTo(OTHERS.size() * ITEMS);
    assertThat(failed(TABLE)).isEqualTo(1);
    assertThat(OTHERS).allSatisfy(other -> assertThat(failed(other)).isZero());
  }

  private void start(TableWork work) {
    List<TableWork> all = new ArrayList<>(List.of(work));
    for (int place = 0; place < OTHERS.size(); place++) {
      world.offsets.commit(of(OTHERS.get(place)), world.submitted(1));
      all.add(load(OTHERS.get(place), place + 1));
    }
    world
        .set("tables", TABLE + "," + String.join(",", OTHERS))
        .set("table.on.failure", "isolate")
        .set("stall.timeout.ms", "1000");
    TaskAssignment assignment = new TaskAssignment(all);
    task =
        RunningTask.start(
            "1.2.3",
            world.connector(),
            assignment,
            null,
            OrdersTask.tables(
                world,
                assignment,
                (tags, metrics) -> {
                  shown.put(tags, metrics);
                  return () -> shown.remove(tags);
                }),
            new TaskResources(
                world.aws,
                metrics -> world.streamApi,
                new Timing(world.clock, () -> 0L),
                System::nanoTime,
                new TableRetries(NEVER, NEVER, NEVER)));
  }

  private void commit(@Nullable List<SourceRecord> polled) {
    if (polled == null) {
      // What is waited out takes its time.
      world.clock.advance(Duration.ofMinutes(5));
      return;
    }
    for (SourceRecord record : polled) {
      world.offsets.commit(record.sourcePartition(), record.sourceOffset());
      requireNonNull(task).settled(record, true);
      if (OTHERS.contains(record.topic())) {
        items++;
      } else if (OrdersTask.type(record).equals("DATA_FILE_LOADED")) {
        loaded++;
      }
    }
  }

  private long failed(String table) {
    return requireNonNull(shown.get(MetricTags.ofTask("orders-source", "0", table)))
        .value(Gauge.TABLE_FAILED);
  }

  private static void denied(FakeDynamoDb dynamoDb) {
    for (int i = 0; i < 100; i++) {
      dynamoDb.failTable(400, "AccessDeniedException");
    }
  }

  private static void broken(OrdersWorld world, String line) {
    List<List<String>> files = new ArrayList<>();
    files.add(List.of(line(0), line, line(2)));
    OTHERS.forEach(
        each -> files.add(IntStream.range(0, ITEMS).mapToObj(IsolatedPhasesTest::line).toList()));
    world.exportCompleted(files);
  }

  /** Items that fit, in other bytes than those of the manifest. */
  private static void otherBytes(OrdersWorld world) {
    replaceFile(world, List.of(line(0), line(1), line(3)));
  }

  private static void tooFew(OrdersWorld world) {
    replaceFile(world, List.of(line(0)));
  }

  private static void replaceFile(OrdersWorld world, List<String> lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (String line : lines) {
        gzip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    world.s3.put("data/0.json.gz", bytes.toByteArray());
  }

  private static void append(OrdersWorld world, String image) {
    String keys = "{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"1\"}}";
    world.stream.append("shard-1", ScriptedChange.insert(keys, keys).withNewImage(image));
    world.commit("shard-1", new ShardOffset.Started(7, OrdersWorld.NOW.toEpochMilli(), null));
  }

  private static TableWork load() {
    return load(TABLE, 0);
  }

  private static TableWork load(String table, int file) {
    return new TableWork.LoadFiles(
        table,
        new ExportFiles(
            EXPORT,
            FakeDynamoDb.EXPORT_TIME.toEpochMilli(),
            FakeS3.BUCKET,
            OrdersWorld.MANIFEST_FILES),
        IndexRanges.of(List.of(file)));
  }

  private static TableWork read() {
    return new TableWork.ReadShards(
        TABLE,
        new OrdersWorld().stream.arn(),
        List.of(new AssignedShard("shard-1", null, null)),
        List.of(),
        false,
        null,
        null);
  }

  private static TableWork hold() {
    return new TableWork.HoldStream(
        TABLE,
        new OrdersWorld().stream.arn(),
        new TableWork.Gap("lost", 1, 1, false, null, 0, List.of()),
        false,
        null,
        null);
  }

  private static SourcePartition of(String table) {
    return new SourcePartition.OfTable(table);
  }

  private static String line(int number) {
    return "{\"Item\":{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"%d\"}}}".formatted(number);
  }
}
