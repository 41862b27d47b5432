package io.github.dynamokc.record;

import io.github.dynamokc.config.SizeLimit;
import io.github.dynamokc.delivery.TrackedRecord;
import org.apache.kafka.connect.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The size of a record of text as Kafka's producer counts it before it sends one: the upper bound
 * for a batch of this record alone, with headers as text. What a converter makes of a struct is not
 * known, so that such a record has no size here. Thread-safe.
 */
final class RecordSize {
  /** Of a batch and of a record at most, in Kafka's message format 2. */
  private static final int OVERHEAD = 61 + 21;

  /**
   * A record is at most so many times what it holds: a character is up to three bytes of UTF-8, and
   * the key is in headers as well.
   */
  private static final int TIMES = 4;

  private final SizeLimit limit;
  private final MessageKeys keys;

  RecordSize(SizeLimit limit) {
    this.limit = limit;
    this.keys = new MessageKeys(limit.showsKeys());
  }

  /**
   * Checks a record.
   *
   * @return the record
   * @throws OversizedRecordException if it is larger than the limit
   */
  TrackedRecord checked(TrackedRecord record) {
    // What it holds is known without a look at its text, and is rarely near the limit.
    if (record.bytes() * TIMES > limit.bytes() && isText(record.value())) {
      long bytes = bytes(record);
      if (bytes > limit.bytes()) {
        throw new OversizedRecordException(
            "its record for topic '%s' with the %s must be at most %d bytes, is %d. If Kafka takes larger ones, set max.record.bytes (and, unless the worker has a larger producer.max.request.size, producer.override.max.request.size), and see that max.message.bytes of the topic allows it"
                .formatted(record.topic(), keys.of(record), limit.bytes(), bytes));
      }
    }
    return record;
  }

  private static boolean isText(@Nullable Object value) {
    return value instanceof String || value instanceof byte[];
  }

  private static long bytes(TrackedRecord record) {
    long bytes =
        OVERHEAD + sized(record.key()) + sized(record.value()) + varint(record.headers().size());
    for (Header header : record.headers()) {
      bytes += sized(header.key()) + sized(header.value());
    }
    return bytes;
  }

  /** With its length before it, which is -1 for none. */
  private static long sized(@Nullable Object value) {
    if (value == null) {
      return varint(-1);
    }
    int length = value instanceof byte[] bytes ? bytes.length : utf8(value.toString());
    return varint(length) + (long) length;
  }

  /** How many bytes a number takes, of which the lowest bit is the sign and each byte has seven. */
  private static int varint(int number) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros((number << 1) ^ (number >> 31));
    return Math.max(1, (bits + 6) / 7);
  }

  private static int utf8(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next >= 0x80) {
        // Of a pair of surrogates, each is two of four.
        bytes += next < 0x800 || Character.isSurrogate(next) ? 1 : 2;
      }
    }
    return bytes;
  }
}
