package io.github.dynamokc.bench;

import io.github.dynamokc.bench.ready.ReadyConnector;
import io.github.dynamokc.bench.ready.ReadyRecords;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.ExportRecordConverter;
import io.github.dynamokc.testing.RecordForms;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.aws.S3Fault;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.StringConverter;

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
  private final int members = Settings.number("bench.load.items", 400_000) / FILES / 1_000;
  private final int rounds = Settings.number("bench.load.rounds", 5);

  /** Milliseconds until S3 answers, and megabytes a second of a connection; 0 for no limit. */
  private final List<Integer> slowness =
      Settings.list("bench.load.s3", "0,0").stream().map(Integer::valueOf).toList();

  /**
   * One source in one round.
   *
   * @param beside seconds of CPU time of the broker, and of this JVM with the S3 server
   */
  private record Round(double itemsPerSecond, WorkerCost.Cost cost, double[] beside) {}

  /** What emits the items, with its rounds that count. */
  private record Source(String name, Map<String, String> config, List<Round> rounds) {
    private Source(String name, Map<String, String> config) {
      this(name, config, new ArrayList<>());
    }

    private double beside(int process, long items) {
      return 100_000.0
          / items
          * Median.of(rounds.stream().map(round -> round.beside[process]).toList());
    }

    private double speed(int round) {
      return rounds.get(round).itemsPerSecond;
    }
  }

  @Override
  public void run(Lab lab) throws InterruptedException {
    Path records = lab.directory().resolve("ready-records");
    ReadyRecords.write(records, records());
    try (EmbeddedAws aws =
            EmbeddedAws.start(WorkDirectory.empty(lab.directory().resolve("aws-load")));
        S3Front slow = new S3Front(aws.s3Endpoint());
        ConnectWorker worker = lab.workerWithReadyRecords("bench-load", Lab.USUAL_HEAP)) {
      slow.failAll(key -> key.contains("/data/"), slowAnswers());
      StoredExport export = new StoredExport(aws, "load", FILES, members);
      lab.title(
          "load: %,d items in %d files, %d rounds after %d to warm up",
          export.items(), FILES, rounds, WARM_UP);
      Source bytes = new Source("ready-bytes", ready(records, export.items(), true));
      Source strings = new Source("ready-strings", ready(records, export.items(), false));
      Source connector = new Source("load", Map.of());
      Profile profile = null;
      for (int round = 0; round < WARM_UP + rounds; round++) {
        for (Source source : List.of(bytes, strings, connector)) {
          if (round == WARM_UP && source == connector && Settings.isOn("bench.profile")) {
            profile = Profile.start(worker.pid());
          }
          String topic = source.name + "-" + round;
          Map<String, String> config =
              source == connector ? export.config(topic, 1) : ofTopic(source.config, topic);
          if (slowness.get(1) > 0) {
            config.put("aws.s3.endpoint", slow.endpoint().toString());
          }
          Round measured = measure(lab, worker, topic, config, export.items());
          if (round >= WARM_UP) {
            source.rounds.add(measured);
          }
        }
      }
      for (Source source : List.of(bytes, strings, connector)) {
        lab.line(
            "%-14s %,.0f/s; for 100,000: %s; broker %.2f s, S3 server and bench %.2f s",
            source.name,
            Median.of(source.rounds.stream().map(Round::itemsPerSecond).toList()),
            WorkerCost.Cost.median(
                source.rounds.stream().map(Round::cost).toList(), export.items()),
            source.beside(0, export.items()),
            source.beside(1, export.items()));
      }
      showRatio(lab, connector, bytes);
      showRatio(lab, connector, strings);
      if (profile != null) {
        profile.finish(lab, lab.directory().resolve("load.jfr"));
      }
    }
  }

  private S3Fault slowAnswers() {
    return new S3Fault.Slow(Duration.ofMillis(slowness.get(0)), slowness.get(1) * 1_000_000L);
  }

  private static void showRatio(Lab lab, Source source, Source over) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < source.rounds.size(); round++) {
      ratios.add(source.speed(round) / over.speed(round));
    }
    lab.line(
        "%s over %s %.2f (%s)",
        source.name,
        over.name,
        Median.of(ratios),
        ratios.stream().map("%.2f"::formatted).collect(Collectors.joining(" ")));
  }

  private static Round measure(
      Lab lab, ConnectWorker worker, String topic, Map<String, String> config, long items)
      throws InterruptedException {
    try (Load load = Load.start(lab, worker, topic, config)) {
      ProcessCpu ofBroker = ProcessCpu.start(lab.kafka().pid());
      ProcessCpu ofServer = ProcessCpu.ofThisJvm();
      double speed = load.awaitRecords(items);
      double[] beside = {ofBroker.seconds(), ofServer.seconds()};
      return new Round(speed, load.cost(), beside);
    }
  }

  /**
   * @param bytes whether keys and values are bytes, as the samples have them
   */
  private static Map<String, String> ready(Path records, long count, boolean bytes) {
    Map<String, String> config = new HashMap<>(SampleSettings.read());
    if (!bytes) {
      config.put("key.converter", StringConverter.class.getName());
      config.put("value.converter", StringConverter.class.getName());
    }
    config.put("connector.class", ReadyConnector.class.getName());
    config.put("tasks.max", "1");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "3");
    config.put(ReadyConnector.FILE, records.toAbsolutePath().toString());
    config.put(ReadyConnector.COUNT, Long.toString(count));
    config.put(ReadyConnector.BYTES, Boolean.toString(bytes));
    config.put(ReadyConnector.BATCH, Integer.toString(READY_BATCH));
    config.putAll(Settings.connectorConfig());
    return config;
  }

  private static Map<String, String> ofTopic(Map<String, String> config, String topic) {
    Map<String, String> copy = new HashMap<>(config);
    copy.put(ReadyConnector.TOPIC, topic);
    return copy;
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
      records.add(maker.item(line, new FileOffset(index + 1L, false)));
    }
    return records;
  }
}
