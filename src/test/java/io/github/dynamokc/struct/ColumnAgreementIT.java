package io.github.dynamokc.struct;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.config.RegistryConfig;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.record.SchemaNames;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.RawTopicReader;
import io.github.dynamokc.testing.registry.RegistryClient;
import io.github.dynamokc.testing.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tasks that meet types in any order agree over a real registry: each record is read with every
 * version of its schema as it was written.
 */
@Tag("full")
class ColumnAgreementIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int TASKS = 2;
  private static final int THREADS = 4;
  private static final int ITEMS = 400;

  private final SchemaRegistry registry = EndToEnd.registry();
  private final RegistryClient client = registry.client();

  /** A record that Kafka has not taken yet. */
  private record Waiting(String item, Struct struct) {}

  private ColumnRegistry columns(String topic) {
    return new io.github.dynamokc.registry.SchemaRegistry(
            new RegistryConfig(registry.confluentUri(), null, null, null, null),
            new Retrier(
                new CountDownLatch(1), InstantSource.system(), new Random(), Duration.ofMinutes(1)))
        .columns(topic);
  }

  private List<String> versions(String topic) throws InterruptedException {
    SchemaSubject values = columns(topic).values();
    List<String> versions = new ArrayList<>();
    for (int number : values.versions()) {
      versions.add(((SchemaSubject.Version.Avro) values.version(number)).schema());
    }
    return versions;
  }

  private void requireFullTransitive(String topic) {
    client.compatibility(topic + "-columns", "FULL_TRANSITIVE");
    client.compatibility(topic + "-value", "FULL_TRANSITIVE");
  }

  @Test
  void threadsOfTwoTasksAgreeAboutTypes() throws Exception {
    String topic = "agreement-threads";
    requireFullTransitive(topic);
    BlockingQueue<Waiting> kafka = new LinkedBlockingQueue<>();
    ExecutorService pool = Executors.newFixedThreadPool(TASKS * THREADS);
    try {
      List<Callable<Void>> threads = new ArrayList<>();
      for (int task = 0; task < TASKS; task++) {
        ColumnStructs structs =
            ColumnStructs.registered(
                SchemaNames.value(topic),
                RandomItems.KEY,
                null,
                NumberMode.DECIMAL,
                columns(topic),
                (item, image) -> item);
        for (int thread = 0; thread < THREADS; thread++) {
          RandomItems items = new RandomItems(task * THREADS + thread);
          threads.add(() -> handOver(structs, items, kafka));
        }
      }
      for (Future<Void> thread : pool.invokeAll(threads)) {
        thread.get();
      }
    } finally {
      pool.shutdownNow();
    }
    List<Integer> before = client.versions(topic + "-value");
    Map<String, Schema> writers = new HashMap<>();
    EveryVersion versions = new EveryVersion(versions(topic));
    // Kafka is so slow that converters see the first record when the last one is handed over.
    for (Waiting record : kafka) {
      String avro = AvroSchemas.of(record.struct().schema()).toString();
      Schema writer =
          writers.computeIfAbsent(
              avro,
              schema -> {
                client.register(topic + "-value", schema);
                return AvroColumns.parse(schema);
              });
      versions.check(record.item(), writer, AvroBytes.write(record.struct(), writer));
    }
    assertThat(kafka).hasSize(TASKS * THREADS * ITEMS);
    assertThat(client.versions(topic + "-value")).as("all was registered").isEqualTo(before);
    assertThat(versions.count()).isGreaterThan(5);
  }

  private static Void handOver(
      ColumnStructs structs, RandomItems items, BlockingQueue<Waiting> kafka)
      throws InterruptedException {
    structs.seed();
    ItemStructReader reader = structs.reader();
    for (int i = 0; i < ITEMS; i++) {
      String item = items.next();
      kafka.add(new Waiting(item, reader.read(Slice.of(item))));
    }
    return null;
  }

  @Test
  void tasksOfAWorkerAgreeWhileKafkaIsSlow() throws Exception {
    String table = "agreement-worker";
    EndToEnd.aws().tables().create(table, string(RandomItems.KEY));
    Map<String, String> items = new HashMap<>();
    List<List<String>> files = new ArrayList<>();
    for (int file = 0; file < TASKS * THREADS; file++) {
      RandomItems random = new RandomItems(100 + file);
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < ITEMS; i++) {
        String item = random.next();
        items.put(random.key(), item);
        lines.add("{\"Item\":" + item + "}");
      }
      files.add(lines);
    }
    EndToEnd.aws()
        .front()
        .putSyntheticExport(
            EndToEnd.aws().tables().describe(table).tableArn(), Instant.now(), files);
    Map<String, String> config = EndToEnd.config(TASKS, table);
    config.put("value.format", "struct");
    config.put("export.file.concurrency", String.valueOf(THREADS));
    config.putAll(registry.avroConverter("value.converter"));
    // Every few records wait for the broker.
    config.put("producer.override.batch.size", "1000");
    config.put("producer.override.buffer.memory", "20000");
    config.put("producer.override.linger.ms", "20");
    config.put("producer.override.max.in.flight.requests.per.connection", "1");
    requireFullTransitive(table);
    try (RawTopicReader topic = RawTopicReader.open(EndToEnd.kafka().bootstrapServers(), table);
        TestConnector connector =
            TestConnector.start(EndToEnd.registryWorker(), "agreement-worker", config)) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      Eventually.within(PATIENCE, "all items of " + table)
          .until(
              () -> {
                records.addAll(topic.toEnd());
                return records.size();
              },
              size -> size >= items.size(),
              size ->
                  size
                      + " records, "
                      + connector.status().describe()
                      + "\n"
                      + EndToEnd.registryWorker().logTail());
      check(records, items, new EveryVersion(versions(table)));
      assertThat(connector.status().describe()).doesNotContain("FAILED");
    }
    // Apicurio makes two versions of one text that is registered twice at the same moment.
    assertThat(new HashSet<>(versions(table)))
        .as("the converter registers the very text that is registered for it")
        .hasSizeLessThanOrEqualTo(columns(table).claims().versions().size());
  }

  private void check(
      List<ConsumerRecord<byte[], byte[]>> records,
      Map<String, String> items,
      EveryVersion versions) {
    Map<Integer, Schema> writers = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String key = RawTopicReader.headers(record).get("primary_key");
      int id = ByteBuffer.wrap(record.value(), 1, Integer.BYTES).getInt();
      Schema writer = writers.computeIfAbsent(id, each -> AvroColumns.parse(client.schema(each)));
      byte[] value = new byte[record.value().length - 1 - Integer.BYTES];
      System.arraycopy(record.value(), 1 + Integer.BYTES, value, 0, value.length);
      versions.check(items.get(key), writer, value);
      seen.add(key);
    }
    assertThat(seen).isEqualTo(items.keySet());
  }
}
