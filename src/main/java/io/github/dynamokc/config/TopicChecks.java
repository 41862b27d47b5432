package io.github.dynamokc.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** That each table and the status records have a legal topic of their own. */
final class TopicChecks {
  private TopicChecks() {}

  static void add(RawConfig raw, List<CheckedTable> tables, List<ConfigProblem> problems) {
    tables.forEach(table -> checkTopic(table, problems));
    checkTopicsOfTheirOwn(CheckedTable.ones(tables).toList(), problems);
    checkStatusTopic(raw, CheckedTable.ones(tables).toList(), problems);
  }

  private static void checkTopic(CheckedTable table, List<ConfigProblem> problems) {
    String problem = TopicName.problem(table.topicLike());
    if (problem != null) {
      ConnectorChecks.add(
          problems,
          table.keyOf(RecordConfig.TOPIC_FORMAT),
          problem + ", is " + table.topicLike() + " for the table " + table.who());
    } else if (!table.isOne() && !table.topicFormat().namesTable()) {
      ConnectorChecks.add(
          problems,
          table.keyOf(RecordConfig.TOPIC_FORMAT),
          "must have %s in it where tables are discovered, is %s: items of all of them would be in one topic"
              .formatted(TopicFormat.TABLE, table.topicFormat().text()));
    }
  }

  private static void checkStatusTopic(
      RawConfig raw, List<CheckedTable> tables, List<ConfigProblem> problems) {
    String connector = raw.text(ConnectorConfig.NAME);
    String configured = raw.text(RecordConfig.STATUS_TOPIC);
    if (connector == null && configured == null) {
      return;
    }
    String topic = ConnectorConfig.statusTopic(String.valueOf(connector), configured);
    if (configured == null && TopicName.problem(topic) != null) {
      ConnectorChecks.add(
          problems,
          RecordConfig.STATUS_TOPIC,
          "must be set where the connector's name does not make a legal topic name, is missing");
    }
    for (CheckedTable table : tables) {
      String problem = clash(topic, table.topicLike());
      if (problem != null) {
        ConnectorChecks.add(
            problems, RecordConfig.STATUS_TOPIC, "must be a topic of its own, is " + problem);
      }
    }
  }

  private static @Nullable String clash(String statusTopic, String ofTable) {
    if (ofTable.equals(statusTopic)) {
      return statusTopic + ", which is also the topic of a table";
    }
    return TopicName.metric(ofTable).equals(TopicName.metric(statusTopic))
        ? "%s, which differs from the topic %s of a table in '.' and '_' only; Kafka refuses one of them"
            .formatted(statusTopic, ofTable)
        : null;
  }

  /**
   * Items of two tables in one topic would have the same keys, and Kafka refuses a topic whose name
   * has '_' where another one has '.'.
   */
  private static void checkTopicsOfTheirOwn(
      List<CheckedTable> tables, List<ConfigProblem> problems) {
    Map<String, CheckedTable> byMetric = new HashMap<>();
    for (CheckedTable table : tables) {
      String topic = table.topicLike();
      CheckedTable other = byMetric.putIfAbsent(TopicName.metric(topic), table);
      if (other == null || other.who().equals(table.who())) {
        continue;
      }
      String names = other.who() + " and " + table.who();
      boolean same = other.topicLike().equals(topic);
      ConnectorChecks.add(
          problems,
          table.keyOf(RecordConfig.TOPIC_FORMAT),
          same
              ? "must give each table a topic of its own, is %s for %s: items of both would have the same keys. Write ${table} into it, or table.<name>.topic.format"
                  .formatted(table.topicFormat().text(), names)
              : "must give tables topics that differ in more than '.' and '_', as Kafka refuses one of them, is %s for %s. Write table.<name>.topic.format for one"
                  .formatted(table.topicFormat().text(), names));
    }
  }

  /**
   * Why a table that was discovered cannot have its topic.
   *
   * @param others the tables that the connector has already
   * @return the reason, null if it can
   */
  static @Nullable String conflict(
      TableConfig table, List<TableConfig> others, String statusTopic) {
    String topic = topicLike(table);
    String problem = TopicName.problem(topic);
    if (problem != null) {
      return "its topic would be %s: %s %s".formatted(topic, RecordConfig.TOPIC_FORMAT, problem);
    }
    if (clash(statusTopic, topic) != null) {
      return "its topic would be %s, and status records are in %s".formatted(topic, statusTopic);
    }
    return others.stream()
        .filter(other -> !other.table().name().equals(table.table().name()))
        .filter(other -> TopicName.metric(topicLike(other)).equals(TopicName.metric(topic)))
        .findFirst()
        .map(
            other ->
                "its topic would be %s, and the table %s has %s; write table.%s.%s"
                    .formatted(
                        topic,
                        other.table().name(),
                        topicLike(other),
                        table.table().name(),
                        RecordConfig.TOPIC_FORMAT))
        .orElse(null);
  }

  private static String topicLike(TableConfig table) {
    return table.records().topicFormat().topicLike(table.table());
  }
}
