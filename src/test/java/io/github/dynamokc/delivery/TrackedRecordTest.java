package io.github.dynamokc.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.record.TestRecords;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** Equal contents do not make two records one: Connect keeps them as keys of a map. */
class TrackedRecordTest {
  private static final String ITEM = "{\"PK\":{\"S\":\"p\"},\"SK\":{\"S\":\"s\"}}";

  @Test
  void recordsOfEqualContentAreDifferent() {
    TrackedRecord first = TestRecords.item(TestRecords.table(), ITEM);
    TrackedRecord second = TestRecords.item(TestRecords.table(), ITEM);
    assertThat(first).isEqualTo(first).isNotEqualTo(second);
    Map<SourceRecord, Integer> map = new HashMap<>();
    map.put(first, 1);
    map.put(second, 2);
    assertThat(map).hasSize(2).containsEntry(first, 1).containsEntry(second, 2);
  }

  @Test
  void identityOutlivesAChangeOfHeaders() {
    TrackedRecord record = TestRecords.item(TestRecords.table(), ITEM);
    int before = record.hashCode();
    record.headers().addString("later", "x");
    assertThat(record.hashCode()).isEqualTo(before);
  }

  @Test
  void sizeGrowsWithKeyAndValue() {
    long small = TestRecords.item(TestRecords.table(), ITEM).bytes();
    String longer =
        ITEM.substring(0, ITEM.length() - 1) + ",\"A\":{\"S\":\"" + "x".repeat(1000) + "\"}}";
    assertThat(small).isPositive();
    assertThat(TestRecords.item(TestRecords.table(), longer).bytes()).isGreaterThan(small + 999);
  }
}
