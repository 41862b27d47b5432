package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.JvmHeap;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.DataFile;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * An export that is much larger than the worker's heap goes through it; a heap that were too small
 * would end the worker.
 *
 * <p>{@code -Dsnapshot.megabytes=2048 -Dsnapshot.heap=256} makes it minutes of work.
 */
class SnapshotMemoryIT {
  private static final int MEGABYTES = Integer.getInteger("snapshot.megabytes", 300);
  private static final int HEAP = Integer.getInteger("snapshot.heap", 128);
  private static final Duration PATIENCE = Duration.ofSeconds(60 + MEGABYTES);
  private static final int FILES = 8;

  /** Most items are small; some are as large as DynamoDB lets them be. */
  private static final String SMALL = "x".repeat(4_000);

  private static final String LARGE = "y".repeat(399_000);
  private static final int LARGE_EVERY = 500;

  @Test
  void anExportMuchLargerThanTheHeapIsLoaded() {
    List<DataFile> files = new ArrayList<>();
    long megabyte = 1024 * 1024;
    long perLine = SMALL.length() + LARGE.length() / LARGE_EVERY;
    int lines = (int) (MEGABYTES * megabyte / FILES / perLine);
    for (int file = 0; file < FILES; file++) {
      int of = file;
      files.add(DataFile.generated(lines, number -> line(of, number)));
    }
    long total = files.stream().mapToLong(DataFile::textBytes).sum() / megabyte;
    assertThat(total).isGreaterThan(MEGABYTES - 10);
    SnapshotTable table = SnapshotTable.create("memory").exporting(files);
    try (ConnectWorker worker =
            EndToEnd.worker(table.name())
                .jvmArgument("-Xmx" + HEAP + "m")
                .jvmArgument("-XX:+ExitOnOutOfMemoryError")
                .start();
        TestConnector connector = TestConnector.start(worker, table.name(), config(table))) {
      double idle = JvmHeap.usedAfterCollection(worker.pid());
      long start = System.nanoTime();
      double most = 0;
      int samples = 0;
      while (!isLoaded(connector)) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
        assertThat(connector.status().failed()).as(connector.status().describe()).isFalse();
        most = Math.max(most, JvmHeap.usedAfterCollection(worker.pid()));
        samples++;
      }
      long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
      System.out.printf(
          "%d MB in %d items loaded in %d s with a heap of %d MB: %.0f MB in use after a collection"
              + " before, %.0f MB at most of %d samples, %.0f MB afterwards%n",
          total,
          (long) lines * FILES,
          seconds,
          HEAP,
          idle,
          most,
          samples,
          JvmHeap.usedAfterCollection(worker.pid()));
      assertThat(itemsCommitted(connector)).isEqualTo((long) lines * FILES);
    }
  }

  private static String line(int file, int number) {
    return "{\"Item\":{\"pk\":{\"S\":\"%d-%d\"},\"text\":{\"S\":\"%s\"}}}"
        .formatted(file, number, number % LARGE_EVERY == 0 ? LARGE : SMALL);
  }

  private static Map<String, String> config(SnapshotTable table) {
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "initial_only");
    config.put("producer.override.compression.type", "lz4");
    config.put("producer.override.max.request.size", "2097152");
    return config;
  }

  private static boolean isLoaded(TestConnector connector) {
    return !connector.statusRecords("EXPORT_LOADED").isEmpty();
  }

  private static long itemsCommitted(TestConnector connector) {
    return connector.offsets().values().stream()
        .filter((JsonNode offset) -> offset.path("done").asBoolean())
        .mapToLong(offset -> offset.path("items").asLong())
        .sum();
  }
}
