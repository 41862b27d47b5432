package io.github.dynamokc.testing;

import io.github.dynamokc.testing.aws.TestTables;
import io.github.dynamokc.testing.kafka.KeyedView;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The truth is the table: what a consumer that applies a topic by key must end with. */
public final class TableModel {

  /**
   * Where a table, its topic and the worker between them are.
   *
   * @param workerLog for the message of a failure
   */
  public record Place(TestTables tables, String bootstrapServers, Supplier<String> workerLog) {}

  private final Place place;
  private final String table;
  private final List<String> keys;
  private final boolean committed;

  /**
   * @param keys the key attributes in key-schema order
   */
  public TableModel(String table, String... keys) {
    this(
        new Place(
            EndToEnd.aws().tables(),
            EndToEnd.kafka().bootstrapServers(),
            () -> EndToEnd.worker().logTail()),
        table,
        List.of(keys),
        false);
  }

  private TableModel(Place place, String table, List<String> keys, boolean committed) {
    this.place = place;
    this.table = table;
    this.keys = keys;
    this.committed = committed;
  }

  /** A table that is elsewhere than those of all tests. */
  public static TableModel at(Place place, String table, String... keys) {
    return new TableModel(place, table, List.of(keys), false);
  }

  /** For a consumer that sees committed transactions only. */
  public TableModel readCommitted() {
    return new TableModel(place, table, keys, true);
  }

  /**
   * Reads the topic that is named as the table on until it equals the table, applied by key.
   *
   * @return all records of the topic so far
   */
  public List<TopicRecord> awaitTopicEqualsTable(Duration patience) {
    return awaitTopicEqualsTable(table, patience);
  }

  /** As above, for a topic with a name of its own. */
  public List<TopicRecord> awaitTopicEqualsTable(String topic, Duration patience) {
    List<Map<String, AttributeValue>> truth = place.tables().scan(table);
    List<TopicRecord> records = new ArrayList<>();
    KeyedView view = new KeyedView();
    try (TopicReader reader = reader(topic)) {
      Eventually.within(patience, "topic " + topic + " to be as table " + table)
          .every(Duration.ZERO)
          .until(
              () -> {
                List<TopicRecord> more = reader.toEnd();
                records.addAll(more);
                view.apply(more);
                return TableComparison.differences(truth, keys, view);
              },
              List::isEmpty,
              differences ->
                  "%d records for %d items%n%s%n%s"
                      .formatted(
                          records.size(),
                          truth.size(),
                          differences.stream().limit(20).collect(Collectors.joining("\n")),
                          place.workerLog().get()));
      return records;
    }
  }

  private TopicReader reader(String topic) {
    String servers = place.bootstrapServers();
    return committed ? TopicReader.openCommitted(servers, topic) : TopicReader.open(servers, topic);
  }
}
