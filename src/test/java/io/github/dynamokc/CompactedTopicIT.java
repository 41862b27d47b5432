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
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A compacted topic with tombstones ends as the table, and holds nothing else. */
class CompactedTopicIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TABLE = "compacted";
  private static final int ITEMS = 60;

  private static Map<String, AttributeValue> item(int number, int value) {
    return Map.of(
        "pk", AttributeValue.fromS("item " + number),
        "n", AttributeValue.fromN(Integer.toString(value)));
  }

  @Test
  void theCompactedTopicIsTheTable() {
    EndToEnd.aws().tables().create(TABLE, string("pk"));
    EndToEnd.aws()
        .tables()
        .putAll(TABLE, IntStream.range(0, ITEMS).mapToObj(n -> item(n, 0)).toList());
    Map<String, CompactedTopic> topics = new TreeMap<>();
    for (String mode : List.of("tombstone", "document_and_tombstone")) {
      topics.put(mode, CompactedTopic.create(EndToEnd.kafka(), TABLE + "." + mode, 2));
    }
    try (TestConnector tombstones = start("tombstone");
        TestConnector both = start("document_and_tombstone")) {
      tombstones.awaitStatusRecord("EXPORT_LOADED", TABLE);
      both.awaitStatusRecord("EXPORT_LOADED", TABLE);
      changeAll();
      for (String mode : topics.keySet()) {
        new TableModel(TABLE, "pk").awaitTopicEqualsTable(TABLE + "." + mode, PATIENCE);
      }
    }
    topics.forEach(
        (mode, topic) -> {
          List<TopicRecord> left = topic.awaitCompacted(PATIENCE);
          assertThat(left).as(mode).hasSize(2 * ITEMS / 3 + 1);
          assertThat(
                  TableComparison.differences(
                      EndToEnd.aws().tables().scan(TABLE), List.of("pk"), KeyedView.of(left)))
              .as(mode)
              .isEmpty();
        });
  }

  private static TestConnector start(String mode) {
    Map<String, String> config = EndToEnd.config(1, TABLE);
    config.put("topic.format", "${table}." + mode);
    config.put("delete.mode", mode);
    return TestConnector.start("compacted-" + mode, config);
  }

  /** A third stays as it was exported, a third is changed, a third is changed and deleted. */
  private static void changeAll() {
    for (int n = 0; n < ITEMS; n++) {
      if (n % 3 > 0) {
        EndToEnd.aws().tables().put(TABLE, item(n, 1));
      }
      if (n % 3 == 2) {
        Map<String, AttributeValue> key = Map.of("pk", AttributeValue.fromS("item " + n));
        EndToEnd.aws().tables().delete(TABLE, key);
      }
    }
    EndToEnd.aws().tables().put(TABLE, item(ITEMS, 1));
  }
}
