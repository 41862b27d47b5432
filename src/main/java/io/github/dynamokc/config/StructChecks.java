package io.github.dynamokc.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What keeps the schema of a table's items its own. */
final class StructChecks {
  private StructChecks() {}

  static void add(
      List<TableConfig> tables, TableOverrides overrides, List<ConfigProblem> problems) {
    RecordConfig records = tables.get(0).records();
    if (records.valueFormat() == ValueFormat.STRUCT
        && records.struct().schema() == StructSchema.COLUMNS) {
      checkTopicOfItsOwn(tables, overrides, problems);
    }
  }

  /** A registry names schemas by topic. */
  private static void checkTopicOfItsOwn(
      List<TableConfig> tables, TableOverrides overrides, List<ConfigProblem> problems) {
    Map<String, String> tableOfTopic = new HashMap<>();
    for (TableConfig table : tables) {
      String name = table.table().name();
      String topic = table.records().topicFormat().topicLike(table.table());
      String other = tableOfTopic.putIfAbsent(topic, name);
      if (other != null) {
        problems.add(
            new ConfigProblem(
                overrides.keyOf(name, RecordConfig.TOPIC_FORMAT),
                "gives the tables %s and %s one topic, but each has a schema of its own: write ${table} into it, or set struct.schema=attributes"
                    .formatted(other, name)));
      }
    }
  }
}
