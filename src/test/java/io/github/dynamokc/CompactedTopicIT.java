package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TableComparison;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.CompactedTopic;
import io.github.dynamokc.testing.kafka.KeyedView;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A compacted topic with tombstones ends as the table, and holds nothing else. */
class CompactedTopicIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int ITEMS = 60;

  private static Map<String, AttributeValue> item(int number, int value) {
    return Map.of(
        "pk", AttributeValue.fromS("item " + number),
        "n", AttributeValue.fromN(Integer.toString(value)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tombstone", "document_and_tombstone"})
  void whatCompactionLeavesIsTheTable(String deleteMode) {
    String table = "compacted-" + deleteMode.replace('_', '-');
    EndToEnd.aws().tables().create(table, string("pk"));
    EndToEnd.aws()
        .tables()
        .putAll(table, IntStream.range(0, ITEMS).mapToObj(n -> item(n, 0)).toList());
    CompactedTopic topic = CompactedTopic.create(EndToEnd.kafka(), table, 2);
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("delete.mode", deleteMode);
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStatusRecord("EXPORT_LOADED", table);
      for (int n = 0; n < ITEMS; n++) {
        if (n % 3 > 0) {
          EndToEnd.aws().tables().put(table, item(n, 1));
        }
        if (n % 3 == 2) {
          Map<String, AttributeValue> key = Map.of("pk", AttributeValue.fromS("item " + n));
          EndToEnd.aws().tables().delete(table, key);
        }
      }
      EndToEnd.aws().tables().put(table, item(ITEMS, 1));
      new TableModel(table, "pk").awaitTopicEqualsTable(PATIENCE);
    }
    List<TopicRecord> left = topic.awaitCompacted(PATIENCE);
    assertThat(left).hasSize(2 * ITEMS / 3 + 1);
    assertThat(
            TableComparison.differences(
                EndToEnd.aws().tables().scan(table), List.of("pk"), KeyedView.of(left)))
        .isEmpty();
  }
}
