package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.S3Fault;
import io.github.dynamokc.testing.aws.S3Front;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Data files that S3 gives slowly hold neither the streams of their task nor its threads. */
@Tag("full")
class SlowFilesIT {
  private static final int TABLES = 41;
  private static final int FILES = 4;

  /** By default one task loads so many files at a time. */
  private static final int AT_A_TIME = 4;

  private final StepWriter steps = new StepWriter();
  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void close() {
    released.countDown();
    EndToEnd.aws().front().clearHooks();
    s3.close();
  }

  @Test
  void aStreamGoesOnWhileTheFilesOfManyTablesAreSlow() {
    ScriptedTable followed = ScriptedTable.create("slow-files-followed", string("pk"));
    List<SnapshotTable> loaded =
        IntStream.range(0, TABLES)
            .mapToObj(table -> SnapshotTable.create("slow-files-" + table, 300, 300, 300, 300))
            .toList();
    s3.failAll(SlowFilesIT::isDataFile, new S3Fault.Hold(1000, released));
    try (TestConnector connector = TestConnector.start("slow-files", config(followed, loaded))) {
      loaded.forEach(table -> connector.awaitStatusRecord("EXPORT_SUBMITTED", table.name()));
      connector.awaitOffsets(
          "load files", offsets -> s3.requests(SlowFilesIT::isDataFile).size() >= AT_A_TIME);
      steps.write(followed.stream(), followed.shard(), "a", 100);
      connector.awaitRecords(followed.name(), steps::endIsIn);
      // The task begins anew, with the same few files, whenever another table is ready.
      assertThat(s3.requests(SlowFilesIT::isDataFile))
          .as("files asked for")
          .hasSizeLessThan(TABLES * FILES / 2);

      released.countDown();
      for (SnapshotTable table : loaded) {
        connector.awaitStatusRecord("EXPORT_LOADED", table.name());
        assertThat(TestConnector.records(table.name())).hasSize(FILES * 300);
      }
    }
  }

  private Map<String, String> config(ScriptedTable followed, List<SnapshotTable> loaded) {
    Map<String, String> config =
        EndToEnd.config(
            1,
            Stream.concat(Stream.of(followed.name()), loaded.stream().map(SnapshotTable::name))
                .toArray(String[]::new));
    config.put("aws.s3.endpoint", s3.endpoint().toString());
    config.put("aws.preflight.enabled", "false");
    config.put("snapshot.mode", "initial_only");
    config.put("table." + followed.name() + ".snapshot.mode", "no_data");
    config.put("table." + followed.name() + ".stream.start.position", "TRIM_HORIZON");
    return config;
  }

  private static boolean isDataFile(String key) {
    return key.contains("/data/");
  }
}
