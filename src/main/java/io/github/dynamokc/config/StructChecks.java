package io.github.dynamokc.config;

import java.util.List;

/** What the schemas of structs need: a registry that is theirs. */
final class StructChecks {
  private StructChecks() {}

  static void add(RecordConfig records, List<ConfigProblem> problems) {
    boolean columns =
        records.valueFormat() == ValueFormat.STRUCT
            && records.struct().schema() == StructSchema.COLUMNS;
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
}
