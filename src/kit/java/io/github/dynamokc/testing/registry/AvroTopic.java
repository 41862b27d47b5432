package io.github.dynamokc.testing.registry;

import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.kafka.RawTopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads a topic of Avro from its beginning on, as a consumer with Confluent's client does: the
 * schema of each datum is the one that its id has in the registry. Each call goes on where the last
 * one ended. Keys are Avro if they start as Avro does; no text starts with a zero byte here.
 */
public final class AvroTopic implements AutoCloseable {
  private final String topic;
  private final RawTopicReader reader;
  private final AvroDecoder decoder;

  private AvroTopic(String bootstrapServers, String topic, RegistryClient registry) {
    this.topic = topic;
    this.reader = RawTopicReader.open(bootstrapServers, topic);
    this.decoder = new AvroDecoder(registry::parsed);
  }

  public static AvroTopic open(String bootstrapServers, String topic, SchemaRegistry registry) {
    return new AvroTopic(bootstrapServers, topic, registry.client());
  }

  /** The whole topic as it is now. */
  public static List<AvroRecord> readAll(
      String bootstrapServers, String topic, SchemaRegistry registry) {
    try (AvroTopic reader = open(bootstrapServers, topic, registry)) {
      return reader.toEnd();
    }
  }

  /** What came since the last call, up to the end that the topic has at this moment. */
  public List<AvroRecord> toEnd() {
    return reader.toEnd().stream().map(this::decode).toList();
  }

  /** What came since the last call, read on until that is enough. */
  public List<AvroRecord> await(Predicate<List<AvroRecord>> enough, Duration patience) {
    List<AvroRecord> records = new ArrayList<>();
    return Eventually.within(patience, "enough records in topic " + topic)
        .until(
            () -> {
              records.addAll(toEnd());
              return records;
            },
            enough,
            read -> read.size() + " records");
  }

  private AvroRecord decode(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    byte[] value = record.value();
    return new AvroRecord(
        record.partition(),
        record.offset(),
        record.timestamp(),
        key,
        key == null || key.length == 0 || key[0] != 0 ? null : decoder.decode(key),
        value == null ? null : decoder.decode(value),
        RawTopicReader.headers(record));
  }

  @Override
  public void close() {
    reader.close();
  }
}
