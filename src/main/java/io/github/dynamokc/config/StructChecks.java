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
              "must be left out unless value.format is struct and struct.schema is columns, is set"));
    } else if (converter != ConverterKind.AVRO && converter != ConverterKind.UNKNOWN) {
      problems.add(
          new ConfigProblem(
              RegistryConfig.URL,
              "must be left out unless %s is an AvroConverter, as the schemas of others cannot be read, is set"
                  .formatted(RecordConfig.VALUE_CONVERTER)));
    }
  }
}
