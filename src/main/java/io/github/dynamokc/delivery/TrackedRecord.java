package io.github.dynamokc.delivery;

import io.github.dynamokc.offset.SourcePartition;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record with the {@link DeliveryCallback} to be told of its fate. Connect hands the very object
 * that {@code poll()} returned to {@code commitRecord()}, transforms or not. Identity is its
 * equality: with exactly-once the worker keeps records as keys of a map until their transaction is
 * committed.
 */
public final class TrackedRecord extends SourceRecord {
  /** Its maps and headers and what they hold, at most: on a 64-bit JVM it was 500 to 600. */
  private static final int OVERHEAD = 950;

  private final DeliveryCallback delivery;
  private final boolean continued;
  private final long payloadBytes;
  private final long keyBytes;

  private static final AtomicReferenceFieldUpdater<
          TrackedRecord, InFlightRecords.@Nullable InFlightBatch>
      IN_FLIGHT =
          AtomicReferenceFieldUpdater.newUpdater(
              TrackedRecord.class, InFlightRecords.InFlightBatch.class, "inFlightBatch");

  private volatile InFlightRecords.@Nullable InFlightBatch inFlightBatch;

  /**
   * @param partition as {@link SourcePartition#toConnect()} makes it; records may share it
   * @param offset null takes the partition's offset away when the record is acknowledged
   * @param continued whether the next record tells of the same change, and this one's offset not
   *     yet of it
   */
  public TrackedRecord(
      Map<String, Object> partition,
      @Nullable Map<String, Object> offset,
      String topic,
      Payload key,
      Payload value,
      long timestampMs,
      @Nullable Headers headers,
      DeliveryCallback delivery,
      boolean continued) {
    super(
        partition,
        offset,
        topic,
        null,
        key.schema(),
        key.value(),
        value.schema(),
        value.value(),
        timestampMs,
        headers);
    this.delivery = delivery;
    this.continued = continued;
    this.payloadBytes = key.bytes() + value.bytes();
    this.keyBytes = key.bytes();
  }

  /**
   * Whether this record and the next must be in one transaction, so that a change is in Kafka
   * either whole or not at all.
   */
  boolean hasContinuation() {
    return continued;
  }

  /** What the record is of. */
  public SourcePartition source() {
    return SourcePartition.fromConnect(partition());
  }

  @SuppressWarnings("unchecked")
  Map<String, ?> partition() {
    return (Map<String, ?>) sourcePartition();
  }

  /** Connect gets the record. */
  void handOver(InFlightRecords.InFlightBatch batch) {
    inFlightBatch = batch;
  }

  /** Connect has done with the record; null if that was known, or Connect never had it. */
  InFlightRecords.@Nullable InFlightBatch settle() {
    return inFlightBatch == null ? null : IN_FLIGHT.getAndSet(this, null);
  }

  public DeliveryCallback delivery() {
    return delivery;
  }

  /** About how many bytes key and value are. */
  public long payloadBytes() {
    return payloadBytes;
  }

  /** About how many bytes of heap the record holds. */
  public long bytes() {
    return OVERHEAD + keyBytes + payloadBytes;
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
