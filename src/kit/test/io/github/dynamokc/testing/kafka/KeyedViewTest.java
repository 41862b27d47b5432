package io.github.dynamokc.testing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyedViewTest {
  @Test
  void theLastRecordOfAKeyWins() {
    KeyedView view = KeyedView.of(List.of(record("a", "1", "index"), record("a", "2", "index")));

    assertThat(view.values()).containsExactly(Map.entry("a", "2"));
    assertThat(view.records().get("a").value()).isEqualTo("2");
  }

  @Test
  void aDeletedKeyIsGoneUntilItIsWrittenAgain() {
    KeyedView view = KeyedView.of(List.of(record("a", "1", "index"), record("a", "{}", "delete")));
    assertThat(view.values()).isEmpty();

    view.apply(record("a", "3", "index"));
    assertThat(view.values()).containsExactly(Map.entry("a", "3"));
  }

  @Test
  void aTombstoneRemoves() {
    assertThat(KeyedView.of(List.of(record("a", "1", null), record("a", null, null))).values())
        .isEmpty();
  }

  @Test
  void aRecordWithoutAKeyIsRefused() {
    assertThatThrownBy(() -> KeyedView.of(List.of(record(null, "1", "index"))))
        .hasMessageContaining("No key");
  }

  private static TopicRecord record(
      @Nullable String key, @Nullable String value, @Nullable String action) {
    Map<String, @Nullable String> headers = new HashMap<>();
    if (action != null) {
      headers.put("opensearch_action", action);
    }
    return new TopicRecord("t", 0, 0, 0, key, value, headers);
  }
}
