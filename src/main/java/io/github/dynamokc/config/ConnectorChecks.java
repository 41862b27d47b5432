package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * The checks between keys. Each looks only at keys that are good by themselves: a bad one has its
 * own problem already.
 */
final class ConnectorChecks {
  private ConnectorChecks() {}

  static List<ConfigProblem> problems(Map<String, String> props) {
    RawConfig raw = new RawConfig(props);
    List<ConfigProblem> problems = new ArrayList<>();
    problems.addAll(CredentialsConfig.problems(raw));
    problems.addAll(RoleConfig.problems(raw));
    problems.addAll(RegistryConfig.problems(raw));

    problems.addAll(UnknownKeys.problems(props));
    ConnectSettings.addProblems(raw, problems);

    List<TableRef> refs = tables(raw);
    if (refs.isEmpty()) {
      return problems;
    }
    TableOverrides overrides =
        new TableOverrides(props, refs.stream().map(TableRef::name).toList());
    problems.addAll(overrides.problems(TableConfig.settings()));
    checkRegions(raw, refs, problems);

    List<TableConfig> tables = new ArrayList<>();
    for (TableRef ref : refs) {
      try {
        tables.add(table(ref, overrides));
      } catch (ConfigException alreadyReported) {
        // The bad key is reported by itself, by the definition or as an override.
      }
    }
    checkBuckets(tables, problems);
    tables.forEach(table -> checkExport(table, overrides, problems));
    tables.forEach(table -> checkRepair(table, overrides, problems));
    tables.forEach(table -> checkPauses(table, overrides, problems));
    tables.forEach(table -> checkTopic(table, overrides, problems));
    checkTopicsOfTheirOwn(tables, overrides, problems);
    checkStatusTopic(raw, tables, problems);
    if (!tables.isEmpty()) {
      ConverterChecks.add(tables.get(0).records(), problems);
      StructChecks.add(raw, tables.get(0).records(), problems);
    }
    return problems;
  }

  /** A table with its overrides. */
  static TableConfig table(TableRef table, TableOverrides overrides) {
    return TableConfig.from(
        table, new AbstractConfig(TableConfig.settings(), overrides.overlay(table.name()), false));
  }

  private static List<TableRef> tables(RawConfig raw) {
    List<TableRef> refs = new ArrayList<>();
    String text = raw.text(TableConfig.TABLES);
    if (text == null) {
      return refs;
    }
    try {
      for (String table : text.split(",", -1)) {
        refs.add(TableRef.parse(table.strip()));
      }
      return refs;
    } catch (ConfigException alreadyReported) {
      return List.of();
    }
  }

  private static void checkRegions(
      RawConfig raw, List<TableRef> tables, List<ConfigProblem> problems) {
    String region = raw.text(AwsConfig.REGION);
    for (TableRef table : tables) {
      if (region != null && table.region() != null && !region.equals(table.region())) {
        problems.add(
            new ConfigProblem(
                TableConfig.TABLES,
                "must be tables of the region %s of %s, is %s. Use one connector for each region"
                    .formatted(region, AwsConfig.REGION, table.identifier())));
      }
    }
  }

  private static void checkBuckets(List<TableConfig> tables, List<ConfigProblem> problems) {
    List<String> without =
        tables.stream()
            .filter(t -> t.startsSnapshots() && t.snapshot().bucket() == null)
            .map(t -> t.table().name())
            .toList();
    if (!without.isEmpty()) {
      problems.add(
          new ConfigProblem(
              SnapshotConfig.BUCKET,
              "must be set for a snapshot, is missing for the tables %s. Write a bucket, or 'no_data' for %s"
                  .formatted(String.join(", ", without), SnapshotConfig.MODE)));
    }
  }

  private static void checkExport(
      TableConfig table, TableOverrides overrides, List<ConfigProblem> problems) {
    String name = table.table().name();
    String exportArn = table.snapshot().exportArn();
    if (exportArn != null && !exportArn.contains(":table/" + name + "/export/")) {
      add(
          problems,
          overrides.keyOf(name, SnapshotConfig.EXPORT_ARN),
          "must be an export of the table " + name + ", is " + exportArn);
    }
  }

  private static void checkRepair(
      TableConfig table, TableOverrides overrides, List<ConfigProblem> problems) {
    if (table.snapshot().mode() == SnapshotMode.WHEN_NEEDED
        && table.stream().onDataLoss() == LossResponse.CONTINUE) {
      add(
          problems,
          overrides.keyOf(table.table().name(), StreamConfig.ON_DATA_LOSS),
          "must be 'fail' or 'repair' with %s=when_needed, is continue: either a new snapshot is taken when changes are lost, or the stream goes on without them"
              .formatted(SnapshotConfig.MODE));
    }
    if (!table.repairsGaps()) {
      return;
    }
    String name = table.table().name();
    if (table.snapshot().bucket() == null) {
      add(
          problems,
          overrides.keyOf(name, StreamConfig.ON_DATA_LOSS),
          "must be 'fail' or 'continue' without %s, is repair: what is missing comes from exports, which DynamoDB writes to a bucket"
              .formatted(SnapshotConfig.BUCKET));
    }
    long overlapMs = table.stream().handoverOverlap().toMillis();
    long longestMs = StreamConfig.LONGEST_OVERLAP_OF_REPAIR.toMillis();
    if (overlapMs > longestMs) {
      add(
          problems,
          overrides.keyOf(name, StreamConfig.HANDOVER_OVERLAP_MS),
          "must be at most %d with %s=repair, is %d"
              .formatted(longestMs, StreamConfig.ON_DATA_LOSS, overlapMs));
    }
  }

  private static void checkPauses(
      TableConfig table, TableOverrides overrides, List<ConfigProblem> problems) {
    StreamConfig stream = table.stream();
    if (stream.pollIdleMax().compareTo(stream.pollInterval()) < 0) {
      add(
          problems,
          overrides.keyOf(table.table().name(), StreamConfig.POLL_IDLE_MAX_MS),
          "must be %d or more, as much as %s, is %d"
              .formatted(
                  stream.pollInterval().toMillis(),
                  StreamConfig.POLL_INTERVAL_MS,
                  stream.pollIdleMax().toMillis()));
    }
  }

  private static void checkTopic(
      TableConfig table, TableOverrides overrides, List<ConfigProblem> problems) {
    String name = table.table().name();
    String problem = TopicName.problem(topicLike(table));
    if (problem != null) {
      add(
          problems,
          overrides.keyOf(name, RecordConfig.TOPIC_FORMAT),
          problem + ", is " + topicLike(table) + " for the table " + name);
    }
  }

  private static void checkStatusTopic(
      RawConfig raw, List<TableConfig> tables, List<ConfigProblem> problems) {
    String connector = raw.text(ConnectorConfig.NAME);
    String configured = raw.text(RecordConfig.STATUS_TOPIC);
    if (connector == null && configured == null) {
      return;
    }
    String topic = ConnectorConfig.statusTopic(String.valueOf(connector), configured);
    if (configured == null && TopicName.problem(topic) != null) {
      add(
          problems,
          RecordConfig.STATUS_TOPIC,
          "must be set where the connector's name does not make a legal topic name, is missing");
    }
    for (TableConfig table : tables) {
      String ofTable = topicLike(table);
      if (ofTable.equals(topic)) {
        add(
            problems,
            RecordConfig.STATUS_TOPIC,
            "must be a topic of its own, is " + topic + ", which is also the topic of a table");
      } else if (TopicName.metric(ofTable).equals(TopicName.metric(topic))) {
        add(
            problems,
            RecordConfig.STATUS_TOPIC,
            "must be a topic of its own, is %s, which differs from the topic %s of a table in '.' and '_' only; Kafka refuses one of them"
                .formatted(topic, ofTable));
      }
    }
  }

  /**
   * Items of two tables in one topic would have the same keys, and Kafka refuses a topic whose name
   * has '_' where another one has '.'.
   */
  private static void checkTopicsOfTheirOwn(
      List<TableConfig> tables, TableOverrides overrides, List<ConfigProblem> problems) {
    Map<String, TableConfig> byMetric = new HashMap<>();
    for (TableConfig table : tables) {
      String topic = topicLike(table);
      TableConfig other = byMetric.putIfAbsent(TopicName.metric(topic), table);
      if (other == null || other.table().name().equals(table.table().name())) {
        continue;
      }
      String names = other.table().name() + " and " + table.table().name();
      boolean same = topicLike(other).equals(topic);
      add(
          problems,
          overrides.keyOf(table.table().name(), RecordConfig.TOPIC_FORMAT),
          same
              ? "must give each table a topic of its own, is %s for %s: items of both would have the same keys. Write ${table} into it, or table.<name>.topic.format"
                  .formatted(table.records().topicFormat().text(), names)
              : "must give tables topics that differ in more than '.' and '_', as Kafka refuses one of them, is %s for %s. Write table.<name>.topic.format for one"
                  .formatted(table.records().topicFormat().text(), names));
    }
  }

  private static String topicLike(TableConfig table) {
    return table.records().topicFormat().topicLike(table.table());
  }

  /** Tables share keys, and a shared key is to blame only once. */
  private static void add(List<ConfigProblem> problems, String key, String message) {
    ConfigProblem problem = new ConfigProblem(key, message);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }
}
