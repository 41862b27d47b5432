package io.github.dynamokc.testing.kafka;

import io.github.dynamokc.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a topic of text, as a {@link RawTopicReader} reads one of bytes. */
public final class TopicReader implements AutoCloseable {
  private final String topic;
  private final RawTopicReader reader;

  private TopicReader(String topic, RawTopicReader reader) {
    this.topic = topic;
    this.reader = reader;
  }

  /** Sees every record, those of aborted transactions included. */
  public static TopicReader open(String bootstrapServers, String topic) {
    return new TopicReader(topic, RawTopicReader.open(bootstrapServers, topic));
  }

  /** Sees what a {@code read_committed} consumer sees. */
  public static TopicReader openCommitted(String bootstrapServers, String topic) {
    return new TopicReader(topic, RawTopicReader.openCommitted(bootstrapServers, topic));
  }

  /** The whole topic as it is now. */
  public static List<TopicRecord> readAll(String bootstrapServers, String topic) {
    try (TopicReader reader = open(bootstrapServers, topic)) {
      return reader.toEnd();
    }
  }

  /** What came since the last call, up to the end that the topic has at this moment. */
  public List<TopicRecord> toEnd() {
    return toRecords(reader.toEnd());
  }

  /** The next records up to the one that fulfils {@code last}, and what came along with it. */
  public List<TopicRecord> until(Predicate<TopicRecord> last, Duration timeout) {
    List<TopicRecord> records = new ArrayList<>();
    Eventually.within(timeout, "the record in topic " + topic)
        .every(Duration.ZERO)
        .until(
            () -> {
              List<TopicRecord> next = toRecords(reader.poll());
              records.addAll(next);
              return next;
            },
            next -> next.stream().anyMatch(last),
            next ->
                "%d others, the last of them: %s"
                    .formatted(
                        records.size(),
                        records.isEmpty() ? "none" : records.get(records.size() - 1)));
    return records;
  }

  private static List<TopicRecord> toRecords(List<ConsumerRecord<byte[], byte[]>> raw) {
    List<TopicRecord> records = new ArrayList<>();
    raw.forEach(record -> records.add(toRecord(record)));
    return records;
  }

  private static TopicRecord toRecord(ConsumerRecord<byte[], byte[]> record) {
    return new TopicRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        RawTopicReader.text(record.key()),
        RawTopicReader.text(record.value()),
        RawTopicReader.headers(record));
  }

  @Override
  public void close() {
    reader.close();
  }
}
