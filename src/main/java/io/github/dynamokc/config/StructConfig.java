package io.github.dynamokc.config;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of items as structs.
 *
 * @param schema which kind
 * @param numbers how numbers are held
 * @param registry where tasks agree about columns, null for nowhere
 * @param registersValues whether the schemas of values are known here and can be registered before
 *     they are used; otherwise the converter alone does it
 */
public record StructConfig(
    StructSchema schema,
    NumberMode numbers,
    @Nullable RegistryConfig registry,
    boolean registersValues) {
  public static final String SCHEMA = "struct.schema";
  public static final String NUMBER_MODE = NumberMode.KEY;

  private static final EnumOption<StructSchema> SCHEMAS = EnumOption.lowerCase(StructSchema.class);
  private static final EnumOption<NumberMode> NUMBER_MODES = EnumOption.lowerCase(NumberMode.class);

  static void define(ConfigGroup group) {
    group
        .add(
            ConfigKey.of(
                    SCHEMA,
                    "Struct schema",
                    "With value.format=struct: 'columns' has a field for each attribute, added when the attribute is first"
                        + " seen; 'attributes' is one schema for all items, a map from attribute name to typed value.")
                .choice(SCHEMAS, StructSchema.COLUMNS))
        .add(
            ConfigKey.of(
                    NUMBER_MODE,
                    "Numbers of structs",
                    "Numbers in structs of key.format=struct and struct.schema=columns: 'decimal' is DECIMAL(38,18), exact;"
                        + " 'string' is exact text of any number; 'double' rounds to about 16 digits.")
                .choice(NUMBER_MODES, NumberMode.DECIMAL));
    RegistryConfig.define(group);
  }

  static StructConfig from(AbstractConfig config) {
    Map<String, String> props = config.originalsStrings();
    StructSchema schema = SCHEMAS.parse(config.getString(SCHEMA));
    ConverterKind converter = ConverterKind.of(props.get(RecordConfig.VALUE_CONVERTER));
    boolean avroColumns =
        RecordConfig.isStruct(config)
            && schema == StructSchema.COLUMNS
            && converter == ConverterKind.AVRO;
    RegistryConfig registry =
        avroColumns ? ConverterRegistry.of(props).completing(config) : RegistryConfig.from(config);
    return new StructConfig(
        schema,
        NUMBER_MODES.parse(config.getString(NUMBER_MODE)),
        registry,
        avroColumns && registry != null && ConverterRegistry.registersAsGiven(props));
  }
}
