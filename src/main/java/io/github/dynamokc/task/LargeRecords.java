package io.github.dynamokc.task;

import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.record.MessageKeys;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records on their way that Kafka may find too large. If it does, Connect fails the task with what
 * Kafka says, which is neither the table nor the item, and does not tell the task. So a task that
 * ends names those that are still on their way. Thread-safe.
 */
final class LargeRecords {
  private static final Logger LOG = LoggerFactory.getLogger(LargeRecords.class);

  /** A struct can take many times the bytes of its item, with its schema for instance. */
  private static final long LARGE = 100_000;

  private final MessageKeys keys;
  private final Set<TrackedRecord> onTheirWay = ConcurrentHashMap.newKeySet();

  LargeRecords(MessageKeys keys) {
    this.keys = keys;
  }

  void polled(List<SourceRecord> records) {
    for (SourceRecord record : records) {
      if (record instanceof TrackedRecord tracked && tracked.payloadBytes() >= LARGE) {
        onTheirWay.add(tracked);
      }
    }
  }

  void settled(TrackedRecord record) {
    if (record.payloadBytes() >= LARGE) {
      onTheirWay.remove(record);
    }
  }

  /** When the task ends, for whatever reason. */
  void ended() {
    for (TrackedRecord record : onTheirWay) {
      LOG.warn(
          "{}, {}: the task ends before Kafka has acknowledged a large record for topic '{}', with the {}, made from about {} bytes. If it has failed with a RecordTooLargeException, that is probably the record: raise producer.override.max.request.size and max.message.bytes of the topic",
          record.source().description(),
          record.sourceOffset(),
          record.topic(),
          keys.of(record),
          record.payloadBytes());
    }
  }
}
