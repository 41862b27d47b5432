package io.github.dynamokc.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the schemas of structs need: a topic for each, and a registry that is theirs. */
final class StructChecks {
  private StructChecks() {}

  static void add(
      List<TableConfig> tables, TableOverrides overrides, List<ConfigProblem> problems) {
    RecordConfig records = tables.get(0).records();
    boolean columns =
        records.valueFormat() == ValueFormat.STRUCT
            && records.struct().schema() == StructSchema.COLUMNS;
    if (columns) {
      checkTopicOfItsOwn(tables, overrides, problems);
    }
    if (records.struct().registry() != null) {
      checkRegistry(columns, records.valueConverter(), problems);
    }
  }

  private static void checkRegistry(
      boolean columns, ConverterKind converter, List<ConfigProblem> problems) {
    if (!columns) {
      problems.add(
          new ConfigProblem(
              RegistryConfig.URL,
              "is for value.format=struct with struct.schema=columns only; leave it out"));
    } else if (converter != ConverterKind.AVRO && converter != ConverterKind.UNKNOWN) {
      problems.add(
          new ConfigProblem(
              RegistryConfig.URL,
              "is of use with an AvroConverter in %s only, as the schemas of others cannot be read; leave it out"
                  .formatted(RecordConfig.VALUE_CONVERTER)));
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
