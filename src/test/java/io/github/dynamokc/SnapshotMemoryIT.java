package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.JvmHeap;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.DataFile;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An export that is much larger than the worker's heap goes through it; a heap that is too small
 * ends the worker. Nothing is compressed on its way to Kafka: the producer counts compressed bytes,
 * and its callbacks keep the records themselves, so that what compresses well needs more heap.
 *
 * <p>{@code -Dsnapshot.megabytes=2048} adds one that takes minutes.
 */
@Tag("full")
class SnapshotMemoryIT {
  private static final long MEGABYTE = 1024 * 1024;
  private static final int FILES = 8;

  /** Most items are small; some are as large as DynamoDB lets them be. */
  private static final String SMALL = "x".repeat(4_000);

  private static final String LARGE = "y".repeat(399_000);
  private static final int LARGE_EVERY = 500;

  static Stream<Arguments> exports() {
    Arguments small =
        arguments(
            "memory-small",
            200,
            128,
            Map.of("max.queue.bytes", "8388608", "producer.override.buffer.memory", "8388608"));
    Integer megabytes = Integer.getInteger("snapshot.megabytes");
    return megabytes == null
        ? Stream.of(small)
        : Stream.of(small, arguments("memory", megabytes, 256, Map.of()));
  }

  @ParameterizedTest(name = "{1} MB through a heap of {2} MB with {3}")
  @MethodSource("exports")
  void aHeapThatIsSmallerThanTheExportIsEnough(
      String name, int megabytes, int heap, Map<String, String> buffers) {
    long perLine = SMALL.length() + LARGE.length() / LARGE_EVERY;
    int lines = (int) (megabytes * MEGABYTE / FILES / perLine);
    List<DataFile> files = new ArrayList<>();
    for (int file = 0; file < FILES; file++) {
      int of = file;
      files.add(DataFile.generated(lines, number -> line(of, number)));
    }
    long total = files.stream().mapToLong(DataFile::textBytes).sum() / MEGABYTE;
    assertThat(total).isBetween(megabytes - 20L, megabytes + 100L);
    SnapshotTable table = SnapshotTable.create(name).exporting(files);
    Map<String, String> config = EndToEnd.config(1, name);
    config.put("snapshot.mode", "initial_only");
    config.put("producer.override.max.request.size", "2097152");
    config.putAll(buffers);
    try (ConnectWorker worker =
            EndToEnd.worker(name)
                .jvmArgument("-Xmx" + heap + "m")
                .jvmArgument("-XX:+ExitOnOutOfMemoryError")
                .start();
        TestConnector connector = TestConnector.start(worker, name, config)) {
      double idle = JvmHeap.usedAfterCollection(worker.pid());
      long start = System.nanoTime();
      DoubleSummaryStatistics used = new DoubleSummaryStatistics();
      Eventually.within(Duration.ofSeconds(60 + megabytes), "the end of the export")
          .every(Duration.ZERO)
          .until(
              () -> {
                assertThat(connector.status().failed()).as(connector.status().describe()).isFalse();
                used.accept(JvmHeap.usedAfterCollection(worker.pid()));
                return !connector.statusRecords("EXPORT_LOADED").isEmpty();
              });
      System.out.printf(
          "%d MB in %d items loaded in %d s with a heap of %d MB: in use after collections"
              + " %.0f MB before, %.0f MB at most of %d samples, %.0f MB afterwards%n",
          total,
          lines * FILES,
          Duration.ofNanos(System.nanoTime() - start).toSeconds(),
          heap,
          idle,
          used.getMax(),
          used.getCount(),
          JvmHeap.usedAfterCollection(worker.pid()));
      assertThat(itemsLoaded(connector)).isEqualTo((long) lines * FILES);
    }
  }

  private static String line(int file, int number) {
    return "{\"Item\":{\"pk\":{\"S\":\"%d-%d\"},\"text\":{\"S\":\"%s\"}}}"
        .formatted(file, number, number % LARGE_EVERY == 0 ? LARGE : SMALL);
  }

  private static long itemsLoaded(TestConnector connector) {
    return connector.offsets().values().stream()
        .filter((JsonNode offset) -> offset.path("done").asBoolean())
        .mapToLong(offset -> offset.path("items").asLong())
        .sum();
  }
}
