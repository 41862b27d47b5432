package io.github.dynamokc.testing.kafka;

import io.github.dynamokc.testing.Eventually;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic that keeps the last record of each key only, and that in seconds. Kafka never compacts
 * the segment that is being written, so segments end after a moment; and it removes a tombstone
 * only when it compacts what it has compacted before, so something must come after it.
 */
public final class CompactedTopic {
  private static final String FILLER = "filler";
  private static final Duration SEGMENT = Duration.ofMillis(200);

  private final String bootstrapServers;
  private final String name;
  private final int partitions;

  private CompactedTopic(String bootstrapServers, String name, int partitions) {
    this.bootstrapServers = bootstrapServers;
    this.name = name;
    this.partitions = partitions;
  }

  public static CompactedTopic create(EmbeddedKafka kafka, String name, int partitions) {
    kafka.createTopic(
        name,
        partitions,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", Long.toString(SEGMENT.toMillis()),
            "segment.index.bytes", Integer.toString(64 << 10),
            "min.cleanable.dirty.ratio", "0.01",
            "delete.retention.ms", "0"));
    return new CompactedTopic(kafka.bootstrapServers(), name, partitions);
  }

  /**
   * Waits until nothing is left but the last record of each key, and no tombstone. Nobody else may
   * write meanwhile.
   *
   * @return what is left
   */
  public List<TopicRecord> awaitCompacted(Duration patience) {
    try (KafkaProducer<String, @Nullable String> producer = producer()) {
      return Eventually.within(patience, "the compaction of topic " + name)
          .every(Duration.ZERO)
          .until(
              () -> {
                endSegments(producer);
                return records();
              },
              CompactedTopic::isCompacted,
              left -> "%d records of %d keys are left".formatted(left.size(), keys(left).size()));
    }
  }

  /** The records as they are now, without those that ended segments. */
  public List<TopicRecord> records() {
    return TopicReader.readAll(bootstrapServers, name).stream()
        .filter(record -> !FILLER.equals(record.key()))
        .toList();
  }

  /** Writes a record that is too late for the segment; a tombstone, so that it will go as well. */
  private void endSegments(KafkaProducer<String, @Nullable String> producer) {
    Long late = System.currentTimeMillis() + 2 * SEGMENT.toMillis();
    for (int partition = 0; partition < partitions; partition++) {
      producer.send(new ProducerRecord<>(name, partition, late, FILLER, (String) null));
    }
    producer.flush();
  }

  private static boolean isCompacted(List<TopicRecord> records) {
    return keys(records).size() == records.size()
        && records.stream().noneMatch(record -> record.value() == null);
  }

  private static Set<@Nullable String> keys(List<TopicRecord> records) {
    Set<@Nullable String> keys = new HashSet<>();
    records.forEach(record -> keys.add(record.key()));
    return keys;
  }

  private KafkaProducer<String, @Nullable String> producer() {
    return new KafkaProducer<>(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
        new StringSerializer(),
        new StringSerializer());
  }
}
