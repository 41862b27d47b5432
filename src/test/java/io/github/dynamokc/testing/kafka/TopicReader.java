package io.github.dynamokc.testing.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic from its beginning on, without a group. Each call goes on where the last one ended.
 * A topic that does not exist yet is empty.
 */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final KafkaConsumer<String, String> consumer;
  private final Set<TopicPartition> assigned = new HashSet<>();

  private TopicReader(String bootstrapServers, String topic, boolean committed) {
    this.topic = topic;
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG, committed ? "read_committed" : "read_uncommitted");
    config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 1000);
    this.consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  /** Sees every record, those of aborted transactions included. */
  public static TopicReader open(String bootstrapServers, String topic) {
    return new TopicReader(bootstrapServers, topic, false);
  }

  /** Sees what a {@code read_committed} consumer sees. */
  public static TopicReader openCommitted(String bootstrapServers, String topic) {
    return new TopicReader(bootstrapServers, topic, true);
  }

  /** The whole topic as it is now. */
  public static List<TopicRecord> readAll(String bootstrapServers, String topic) {
    try (TopicReader reader = open(bootstrapServers, topic)) {
      return reader.toEnd();
    }
  }

  /** What came since the last call, up to the end that the topic has at this moment. */
  public List<TopicRecord> toEnd() {
    List<TopicRecord> records = new ArrayList<>();
    if (!assign()) {
      return records;
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(assigned);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(POLL).forEach(record -> records.add(toRecord(record)));
    }
    return records;
  }

  /** The next records up to the one that fulfils {@code last}, and what came along with it. */
  public List<TopicRecord> until(Predicate<TopicRecord> last, Duration timeout) {
    List<TopicRecord> records = new ArrayList<>();
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean found = false;
    while (!found) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The record did not come to topic "
                + topic
                + " within "
                + timeout
                + ", only "
                + records.size()
                + " others, the last of them: "
                + (records.isEmpty() ? "none" : records.get(records.size() - 1)));
      }
      List<TopicRecord> next = poll();
      found = next.stream().anyMatch(last);
      records.addAll(next);
    }
    return records;
  }

  private List<TopicRecord> poll() {
    List<TopicRecord> records = new ArrayList<>();
    if (assign()) {
      consumer.poll(POLL).forEach(record -> records.add(toRecord(record)));
    } else {
      LockSupport.parkNanos(POLL.toNanos());
    }
    return records;
  }

  /** Takes up partitions that are new; false as long as the topic does not exist. */
  private boolean assign() {
    Set<TopicPartition> found =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .collect(Collectors.toSet());
    if (!assigned.containsAll(found)) {
      assigned.addAll(found);
      consumer.assign(assigned);
    }
    return !assigned.isEmpty();
  }

  private static TopicRecord toRecord(ConsumerRecord<String, String> record) {
    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      byte[] value = header.value();
      headers.put(header.key(), value == null ? null : new String(value, UTF_8));
    }
    return new TopicRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        Collections.unmodifiableMap(headers));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
