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
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of a topic from its beginning on, without a group. Each call goes on where the
 * last one ended. A topic that does not exist yet is empty.
 */
public final class RawTopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Set<TopicPartition> assigned = new HashSet<>();

  private RawTopicReader(String bootstrapServers, String topic, boolean committed) {
    this.topic = topic;
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG, committed ? "read_committed" : "read_uncommitted");
    config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 1000);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Sees every record, those of aborted transactions included. */
  public static RawTopicReader open(String bootstrapServers, String topic) {
    return new RawTopicReader(bootstrapServers, topic, false);
  }

  /** Sees what a {@code read_committed} consumer sees. */
  public static RawTopicReader openCommitted(String bootstrapServers, String topic) {
    return new RawTopicReader(bootstrapServers, topic, true);
  }

  /** What came since the last call, up to the end that the topic has at this moment. */
  public List<ConsumerRecord<byte[], byte[]>> toEnd() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (!assign()) {
      return records;
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(assigned);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(POLL).forEach(records::add);
    }
    return records;
  }

  /** What comes next; nothing if nothing comes for a moment. */
  public List<ConsumerRecord<byte[], byte[]>> poll() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (assign()) {
      consumer.poll(POLL).forEach(records::add);
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

  /** The headers as text, by name. */
  public static Map<String, @Nullable String> headers(ConsumerRecord<?, ?> record) {
    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), text(header.value()));
    }
    return Collections.unmodifiableMap(headers);
  }

  static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
