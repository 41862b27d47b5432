package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds keys that have no effect, which Connect lets pass: those under a prefix of ours or nearly
 * of the name of a key of ours, and those by which other connectors say what has another key here.
 * Connect's own keys, and what platforms add, are left alone.
 */
final class UnknownKeys {
  /** What begins so is ours. */
  private static final List<String> OURS =
      List.of(
          "acknowledgment",
          "aws.",
          "delete.",
          "export.",
          "headers.",
          "poll.",
          "s3.data.",
          "shard.",
          "skipped.",
          "snapshot.",
          "stall.",
          "status.",
          "stream.",
          "struct.",
          "tables.",
          "topic.");

  /** Of all kinds of source connectors, or of what they pass on. */
  private static final List<String> OF_CONNECT =
      List.of(
          "admin.override.",
          "config.",
          "connector.",
          "consumer.override.",
          "errors.",
          "exactly.once.support",
          "header.converter",
          "key.converter",
          "offsets.storage.",
          "predicates",
          "producer.override.",
          "tasks.max",
          "topic.creation.",
          "transaction.boundary",
          "transforms",
          "value.converter");

  /** So many letters may differ of what was meant. */
  private static final int SLIPS = 2;

  /** By the keys of Debezium, Confluent's connectors and others. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry(
              "column.exclude.list", "there is no key for it here: use the transform ReplaceField"),
          Map.entry("dynamodb.service.endpoint", "write aws.dynamodb.endpoint"),
          Map.entry("dynamodb.table.discovery.mode", "write tables, tables.include or tables.tags"),
          Map.entry("dynamodb.table.env.tag.key", "write tables.tags, such as key=value"),
          Map.entry("dynamodb.table.env.tag.value", "write tables.tags, such as key=value"),
          Map.entry("dynamodb.table.includelist", "write tables"),
          Map.entry("dynamodb.table.ingestion.tag.key", "write tables.tags"),
          Map.entry("dynamodb.table.sync.mode", "write snapshot.mode"),
          Map.entry("dynamodb.table.tag.filters", "write tables.tags, such as key=value"),
          Map.entry("dynamodb.table.whitelist", "write tables"),
          Map.entry("kafka.topic.map", "write table.<name>.topic.format"),
          Map.entry("kafka.topic.prefix", "write topic.format, such as prefix-${table}"),
          Map.entry("table.exclude.list", "write tables.exclude"),
          Map.entry("table.include.list", "write tables.include, or tables for names"),
          Map.entry("table.whitelist", "write tables"),
          Map.entry("tombstones.on.delete", "write delete.mode"),
          Map.entry("topic.prefix", "write topic.format, such as prefix.${table}"),
          Map.entry("topics", "write topic.format"));

  private UnknownKeys() {}

  static List<ConfigProblem> problems(Map<String, String> props) {
    Set<String> known = ConnectorConfig.definition().names();
    List<ConfigProblem> problems = new ArrayList<>();
    for (String key : props.keySet().stream().sorted().toList()) {
      String elsewhere = ELSEWHERE.get(key);
      if (elsewhere != null) {
        problems.add(
            new ConfigProblem(
                key, "must be a key of this connector, is one of others; " + elsewhere));
      } else if (!known.contains(key) && OF_CONNECT.stream().noneMatch(key::startsWith)) {
        check(key, known, problems);
      }
    }
    return problems;
  }

  /** Whether a key has its own problem already. */
  static boolean isOfAnotherConnector(String key) {
    return ELSEWHERE.containsKey(key);
  }

  private static void check(String key, Set<String> known, List<ConfigProblem> problems) {
    Optional<String> nearest =
        known.stream()
            .sorted()
            .min(Comparator.comparingInt(other -> distance(plain(key), plain(other))));
    String meant = nearest.orElse("");
    boolean isSlip =
        !key.startsWith(TableOverrides.PREFIX) && distance(plain(key), plain(meant)) <= SLIPS;
    if (isSlip || OURS.stream().anyMatch(key::startsWith)) {
      problems.add(
          new ConfigProblem(
              key, "must be a key of this connector, is not; the nearest one is " + meant));
    }
  }

  /** Separators are no difference. */
  private static String plain(String key) {
    return key.replace('_', '.').replace('-', '.').replace(".", "").toLowerCase(Locale.ROOT);
  }

  /** How many letters have to be put in, left out or changed to make one text of the other. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
