package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.config.SizeLimit;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.delivery.TrackedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.junit.jupiter.api.Test;

/** The producer's own sum is the truth. */
class RecordSizeTest {
  private static final String[] LETTERS = {"a", "ä", "€", "𝄞"};

  private final Random random = new Random(7);

  private String text(int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return text.toString();
  }

  private TrackedRecord record() {
    ConnectHeaders headers = new ConnectHeaders();
    for (int i = random.nextInt(12); i > 0; i--) {
      headers.add("h" + text(9), header());
    }
    return new TrackedRecord(
        Map.of(),
        Map.of(),
        "orders",
        random.nextBoolean() ? Payload.of(text(80)) : Payload.of(utf8(text(80))),
        random.nextBoolean() ? Payload.of(text(9_000)) : Payload.of(utf8(text(9_000))),
        0,
        headers,
        DeliveryCallback.NO_OP,
        false);
  }

  private SchemaAndValue header() {
    return switch (random.nextInt(3)) {
      case 0 -> new SchemaAndValue(Schema.INT64_SCHEMA, random.nextLong());
      case 1 -> new SchemaAndValue(Schema.BOOLEAN_SCHEMA, random.nextBoolean());
      default -> new SchemaAndValue(Schema.STRING_SCHEMA, text(200));
    };
  }

  private static int ofProducer(TrackedRecord record) {
    RecordHeaders headers = new RecordHeaders();
    SimpleHeaderConverter converter = new SimpleHeaderConverter();
    record
        .headers()
        .forEach(
            header ->
                headers.add(
                    header.key(),
                    converter.fromConnectHeader(
                        record.topic(), header.key(), header.schema(), header.value())));
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE,
        Compression.NONE.type(),
        bytes(record.key()),
        bytes(record.value()),
        headers.toArray());
  }

  private static byte[] bytes(Object value) {
    return value instanceof byte[] bytes ? bytes : utf8((String) value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static RecordSize limit(int bytes) {
    return new RecordSize(new SizeLimit(bytes, false));
  }

  @Test
  void whatTheProducerTakesIsTakenAndNoByteMore() {
    for (int i = 0; i < 1_000; i++) {
      TrackedRecord record = record();
      int bytes = ofProducer(record);
      assertThat(limit(bytes).checked(record)).isSameAs(record);
      assertThatThrownBy(() -> limit(bytes - 1).checked(record))
          .isInstanceOf(OversizedRecordException.class)
          .hasMessageContaining(
              "must be at most %d bytes, is %d", Integer.valueOf(bytes - 1), bytes);
    }
  }

  @Test
  void messagesHaveTheHashOfAKeyUnlessTheyMayShowIt() {
    TrackedRecord record =
        new TrackedRecord(
            Map.of(),
            Map.of(),
            "orders",
            Payload.of("{\"pk\":\"a\"}"),
            Payload.of("x"),
            0,
            null,
            DeliveryCallback.NO_OP,
            false);
    assertThat(new MessageKeys(true).of(record)).isEqualTo("key {\"pk\":\"a\"}");
    // printf '{"pk":"a"}' | sha256sum
    assertThat(new MessageKeys(false).of(record))
        .isEqualTo(
            "key of SHA-256 beaf887754d3758fb5e792dfc95590fcad2351a28367d42becb2a4b85e47de01");
  }

  @Test
  void aTombstoneHasNoSizeToCheck() {
    TrackedRecord tombstone =
        new TrackedRecord(
            Map.of(),
            Map.of(),
            "orders",
            Payload.of("k".repeat(100)),
            Payload.NONE,
            0,
            null,
            DeliveryCallback.NO_OP,
            false);
    assertThat(limit(1).checked(tombstone)).isSameAs(tombstone);
  }
}
