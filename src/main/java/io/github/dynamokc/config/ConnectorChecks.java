package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

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

    TableSelection selection = selection(props);
    if (selection == null) {
      return problems;
    }
    checkSelection(selection, problems);
    TableOverrides overrides = new TableOverrides(props);
    problems.addAll(overrides.problems(selection));
    checkRegions(raw, selection.named(), problems);

    List<CheckedTable> tables = CheckedTable.all(selection, overrides);
    checkBuckets(tables, problems);
    tables.forEach(table -> checkTogether(table, problems));
    TopicChecks.add(raw, tables, problems);
    if (!tables.isEmpty()) {
      // These keys are the same for all.
      RecordConfig records = tables.get(0).config().records();
      ConverterChecks.add(records, problems);
      StructChecks.add(raw, records, problems);
    }
    return problems;
  }

  /** What is wrong between the settings of a table that was discovered. */
  static List<ConfigProblem> ofTable(String name, TableOverrides overrides) {
    List<ConfigProblem> problems = new ArrayList<>();
    CheckedTable table = CheckedTable.discovered(name, overrides);
    if (table != null) {
      checkBuckets(List.of(table), problems);
      checkTogether(table, problems);
    }
    return problems;
  }

  private static void checkTogether(CheckedTable table, List<ConfigProblem> problems) {
    checkExport(table, problems);
    checkRepair(table, problems);
    checkPauses(table, problems);
  }

  /** Null if it cannot be read; that is reported already. */
  private static @Nullable TableSelection selection(Map<String, String> props) {
    Map<String, String> which = new HashMap<>(props);
    which.remove(TableSelection.INTERVAL_MS);
    which.remove(TableSelection.MAX);
    try {
      return TableSelection.from(new AbstractConfig(TableKeys.ofSelection(), which, false));
    } catch (ConfigException alreadyReported) {
      return null;
    }
  }

  private static void checkSelection(TableSelection selection, List<ConfigProblem> problems) {
    if (selection.discovers()) {
      return;
    }
    if (selection.named().isEmpty()) {
      add(
          problems,
          TableConfig.TABLES,
          "must be set, or %s or %s, is missing: names or ARNs of tables, separated by commas"
              .formatted(TableSelection.INCLUDE, TableSelection.TAGS));
    }
    if (!selection.exclude().isEmpty()) {
      add(
          problems,
          TableSelection.EXCLUDE,
          "must be left out without %s or %s, is %s: tables that are named are read"
              .formatted(TableSelection.INCLUDE, TableSelection.TAGS, selection.exclude()));
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

  private static void checkBuckets(List<CheckedTable> tables, List<ConfigProblem> problems) {
    List<String> without =
        tables.stream()
            .filter(t -> t.config().startsSnapshots() && t.config().snapshot().bucket() == null)
            .map(CheckedTable::who)
            .toList();
    if (!without.isEmpty()) {
      problems.add(
          new ConfigProblem(
              SnapshotConfig.BUCKET,
              "must be set for a snapshot, is missing for the tables %s. Write a bucket, or 'no_data' for %s"
                  .formatted(String.join(", ", without), SnapshotConfig.MODE)));
    }
  }

  private static void checkExport(CheckedTable checked, List<ConfigProblem> problems) {
    TableConfig table = checked.config();
    String name = table.table().name();
    String exportArn = table.snapshot().exportArn();
    if (exportArn != null && !checked.isOne()) {
      add(
          problems,
          checked.keyOf(SnapshotConfig.EXPORT_ARN),
          "must be written for one table, as table.<name>.%s, where tables are discovered, is %s"
              .formatted(SnapshotConfig.EXPORT_ARN, exportArn));
    } else if (exportArn != null && !exportArn.contains(":table/" + name + "/export/")) {
      add(
          problems,
          checked.keyOf(SnapshotConfig.EXPORT_ARN),
          "must be an export of the table " + name + ", is " + exportArn);
    }
  }

  private static void checkRepair(CheckedTable checked, List<ConfigProblem> problems) {
    TableConfig table = checked.config();
    if (table.snapshot().mode() == SnapshotMode.WHEN_NEEDED
        && table.stream().onDataLoss() == LossResponse.CONTINUE) {
      add(
          problems,
          checked.keyOf(StreamConfig.ON_DATA_LOSS),
          "must be 'fail' or 'repair' with %s=when_needed, is continue: either a new snapshot is taken when changes are lost, or the stream goes on without them"
              .formatted(SnapshotConfig.MODE));
    }
    if (!table.repairsGaps()) {
      return;
    }
    if (table.snapshot().bucket() == null) {
      add(
          problems,
          checked.keyOf(StreamConfig.ON_DATA_LOSS),
          "must be 'fail' or 'continue' without %s, is repair: what is missing comes from exports, which DynamoDB writes to a bucket"
              .formatted(SnapshotConfig.BUCKET));
    }
    long overlapMs = table.stream().handoverOverlap().toMillis();
    long longestMs = StreamConfig.LONGEST_OVERLAP_OF_REPAIR.toMillis();
    if (overlapMs > longestMs) {
      add(
          problems,
          checked.keyOf(StreamConfig.HANDOVER_OVERLAP_MS),
          "must be at most %d with %s=repair, is %d"
              .formatted(longestMs, StreamConfig.ON_DATA_LOSS, overlapMs));
    }
  }

  private static void checkPauses(CheckedTable checked, List<ConfigProblem> problems) {
    TableConfig table = checked.config();
    StreamConfig stream = table.stream();
    if (stream.pollIdleMax().compareTo(stream.pollInterval()) < 0) {
      add(
          problems,
          checked.keyOf(StreamConfig.POLL_IDLE_MAX_MS),
          "must be %d or more, as much as %s, is %d"
              .formatted(
                  stream.pollInterval().toMillis(),
                  StreamConfig.POLL_INTERVAL_MS,
                  stream.pollIdleMax().toMillis()));
    }
  }

  /** Tables share keys, and a shared key is to blame only once. */
  static void add(List<ConfigProblem> problems, String key, String message) {
    ConfigProblem problem = new ConfigProblem(key, message);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }
}
