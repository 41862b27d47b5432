package io.github.dynamokc.bench;

import io.github.dynamokc.bench.ready.ReadyConnector;
import io.github.dynamokc.bench.ready.ReadyRecords;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.ExportRecordConverter;
import io.github.dynamokc.testing.RecordForms;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * How fast an export gets from S3 into Kafka, over how fast the same worker sends records that are
 * ready. Rounds alternate, and the first ones of each side only warm up.
 */
final class LoadBench implements Benchmark {
  private static final int FILES = 8;
  private static final int WARM_UP = 2;

  /** As many as the connector gives a poll by default. */
  private static final int READY_BATCH = 2_048;

  private static final int READY_RECORDS = 4 * READY_BATCH;
  private final int members = Settings.number("bench.load.items", 200_000) / FILES / 1_000;
  private final int rounds = Settings.number("bench.load.rounds", 5);

  @Override
  public void run(Lab lab) throws InterruptedException {
    Path records = lab.directory().resolve("ready-records");
    ReadyRecords.write(records, records());
    try (EmbeddedAws aws =
            EmbeddedAws.start(WorkDirectory.empty(lab.directory().resolve("aws-load")));
        ConnectWorker worker = lab.workerWithReadyRecords("bench-load", Lab.USUAL_HEAP)) {
      StoredExport export = new StoredExport(aws, "load", FILES, members);
      lab.title(
          "load: %,d items in %d files, %d rounds after %d to warm up",
          export.items(), FILES, rounds, WARM_UP);
      List<Double> ready = new ArrayList<>();
      List<Double> connector = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      Profile profile = null;
      for (int round = 0; round < WARM_UP + rounds; round++) {
        double ofReady = ready(lab, worker, "ready-" + round, records, export.items());
        if (round == WARM_UP && Settings.isOn("bench.profile")) {
          profile = Profile.start(worker.pid());
        }
        double ofConnector = connector(lab, worker, "load-" + round, export);
        if (round >= WARM_UP) {
          ready.add(ofReady);
          connector.add(ofConnector);
          ratios.add(ofConnector / ofReady);
        }
      }
      lab.line(
          "ready records %,.0f/s   connector %,.0f/s   ratio %.2f (%s)",
          Median.of(ready),
          Median.of(connector),
          Median.of(ratios),
          ratios.stream().map("%.2f"::formatted).collect(Collectors.joining(" ")));
      if (profile != null) {
        profile.finish(lab, lab.directory().resolve("load.jfr"));
      }
    }
  }

  private static double connector(Lab lab, ConnectWorker worker, String table, StoredExport export)
      throws InterruptedException {
    try (Load load = Load.start(lab, worker, table, export.config(table, 1))) {
      return load.awaitRecords(export.items());
    }
  }

  private static double ready(Lab lab, ConnectWorker worker, String topic, Path records, long count)
      throws InterruptedException {
    Map<String, String> config = new HashMap<>(Load.PRODUCER);
    config.put("connector.class", ReadyConnector.class.getName());
    config.put("tasks.max", "1");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "3");
    config.put(ReadyConnector.FILE, records.toAbsolutePath().toString());
    config.put(ReadyConnector.TOPIC, topic);
    config.put(ReadyConnector.COUNT, Long.toString(count));
    config.put(ReadyConnector.BATCH, Integer.toString(READY_BATCH));
    config.putAll(Settings.connectorConfig());
    try (Load load = Load.start(lab, worker, topic, config)) {
      return load.awaitRecords(count);
    }
  }

  /** The records that the connector makes of the items. */
  private static List<SourceRecord> records() throws InterruptedException {
    ExportRecordConverter maker =
        RecordForms.table("load", "load", ExportItems.PARTITION_KEY, ExportItems.SORT_KEY)
            .ofFile(
                new SourcePartition.OfFile("load", "arn:export", "data/0.json.gz"),
                1_700_020_441_123L,
                1_700_020_141_123_000L,
                DeliveryCallback.NO_OP);
    List<SourceRecord> records = new ArrayList<>();
    for (int index = 0; index < READY_RECORDS; index++) {
      JsonCursor line = new JsonCursor().reset(Slice.of(ExportItems.line(index)));
      line.expect('{');
      line.readString();
      line.expect(':');
      records.add(maker.item(line, index + 1L));
    }
    return records;
  }
}
