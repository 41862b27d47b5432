package io.github.dynamokc.config;

import java.util.List;

/** What the schemas of structs need: a registry that is theirs, and numbers that can be read. */
final class StructChecks {
  private StructChecks() {}

  static void add(RawConfig props, RecordConfig records, List<ConfigProblem> problems) {
    if (props.has(RegistryConfig.URL)) {
      checkRegistry(hasColumns(records), records.valueConverter(), problems);
    }
    if (records.struct().numbers() == NumberMode.DECIMAL) {
      if (hasColumns(records)) {
        checkNumbers(props, RecordConfig.VALUE_CONVERTER, RecordConfig.VALUE_FORMAT, problems);
      }
      if (records.keyFormat() == KeyFormat.STRUCT) {
        checkNumbers(props, RecordConfig.KEY_CONVERTER, RecordConfig.KEY_FORMAT, problems);
      }
    }
  }

  private static boolean hasColumns(RecordConfig records) {
    return records.valueFormat() == ValueFormat.STRUCT
        && records.struct().schema() == StructSchema.COLUMNS;
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

  /** A decimal is the Base64 of its digits there, and only the schema would tell the scale. */
  private static void checkNumbers(
      RawConfig props, String converter, String format, List<ConfigProblem> problems) {
    String decimals = converter + ".decimal.format";
    boolean withoutSchemas = "false".equalsIgnoreCase(props.text(converter + ".schemas.enable"));
    if (ConverterKind.of(props.text(converter)) == ConverterKind.JSON
        && withoutSchemas
        && !"NUMERIC".equalsIgnoreCase(props.text(decimals))) {
      problems.add(
          new ConfigProblem(
              format,
              "is struct, of which JsonConverter without schemas writes numbers in Base64, so that nobody can read them: set %s=string, or %s=NUMERIC"
                  .formatted(NumberMode.KEY, decimals)));
    }
  }

  /** What may go wrong, but need not; of the first table, as these keys are the same for all. */
  static List<ConfigProblem> warnings(RawConfig props, RecordConfig records) {
    if (!hasColumns(records) || records.valueConverter() == ConverterKind.JSON) {
      return List.of();
    }
    if (records.struct().registry() == null) {
      String obstacle = ConverterRegistry.of(props.props()).obstacle();
      return List.of(
          new ConfigProblem(
              RegistryConfig.URL,
              "is not set%s: each task decides by itself, and again after each start, which type the column of an attribute has. Where they differ, Avro may read one as the other without an error. Set it, or struct.schema=attributes"
                  .formatted(
                      obstacle == null
                          ? ""
                          : ", and " + obstacle + " is nothing that can be taken over")));
    }
    return ConverterRegistry.namesSubjectsAsUsual(props.props())
        ? List.of()
        : List.of(
            new ConfigProblem(
                RegistryConfig.URL,
                "is of use, but the value converter does not write under the subject <topic>-value: what was registered before the connector's first start is not looked at"));
  }
}
