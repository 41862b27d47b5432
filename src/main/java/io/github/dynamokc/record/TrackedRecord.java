package io.github.dynamokc.record;

import io.github.dynamokc.offset.Delivery;
import io.github.dynamokc.offset.SourcePartition;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record with the {@link Delivery} to be told of its fate. Connect hands the very object that
 * {@code poll()} returned to {@code commitRecord()}, transforms or not. Identity is its equality:
 * with exactly-once the worker keeps records as keys of a map until their transaction is committed.
 */
public final class TrackedRecord extends SourceRecord {
  /** Its maps and headers and what they hold, as measured on a 64-bit JVM. */
  private static final int OVERHEAD = 1_800;

  private final Delivery delivery;

  /** Set while Connect has the record; guarded by {@link UnacknowledgedRecords}. */
  UnacknowledgedRecords.@Nullable HandedOver handedOver;

  /**
   * @param partition as {@link SourcePartition#toConnect()} makes it; records may share it
   * @param offset null takes the partition's offset away when the record is acknowledged
   */
  TrackedRecord(
      Map<String, Object> partition,
      @Nullable Map<String, Object> offset,
      String topic,
      String key,
      String value,
      long timestampMs,
      @Nullable Headers headers,
      Delivery delivery) {
    super(
        partition,
        offset,
        topic,
        null,
        Schema.STRING_SCHEMA,
        key,
        Schema.STRING_SCHEMA,
        value,
        timestampMs,
        headers);
    this.delivery = delivery;
  }

  public Delivery delivery() {
    return delivery;
  }

  /** About how many bytes of heap the record holds. */
  public long bytes() {
    return OVERHEAD + 2L * ((String) key()).length() + ((String) value()).length();
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
