package io.github.dynamokc.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * How a table's items become Kafka records.
 *
 * @param topicFormat the topic
 * @param keyFormat the form of the record key
 * @param keyConverter what Connect makes of the key, as far as the connector can see
 * @param valueFormat the form of an item in a record value
 * @param valueLayout what a record value holds beside the item
 * @param valueConverter what Connect makes of the value, as far as the connector can see
 * @param struct the schemas of structs
 * @param deleteMode what tells of a deletion
 * @param skipped which operations are skipped
 * @param headersPrefix what the names of headers begin with, perhaps nothing
 * @param sizeLimit how large a record may be
 */
public record RecordConfig(
    TopicFormat topicFormat,
    KeyFormat keyFormat,
    ConverterKind keyConverter,
    ValueFormat valueFormat,
    ValueLayout valueLayout,
    ConverterKind valueConverter,
    StructConfig struct,
    DeleteMode deleteMode,
    Set<SkippedOperation> skipped,
    String headersPrefix,
    SizeLimit sizeLimit) {
  public static final String TOPIC_FORMAT = "topic.format";
  public static final String KEY_FORMAT = "key.format";
  public static final String VALUE_FORMAT = "value.format";
  public static final String VALUE_LAYOUT = "value.layout";
  public static final String DELETE_MODE = "delete.mode";
  public static final String SKIPPED_OPERATIONS = "skipped.operations";
  public static final String HEADERS_PREFIX = "headers.prefix";
  public static final String STATUS_TOPIC = "status.topic";

  /** Connect's own; a connector sees them only if they are in its config, not in the worker's. */
  static final String KEY_CONVERTER = "key.converter";

  static final String VALUE_CONVERTER = "value.converter";

  private static final EnumOption<KeyFormat> KEY_FORMATS = EnumOption.lowerCase(KeyFormat.class);
  private static final EnumOption<ValueFormat> VALUE_FORMATS =
      EnumOption.lowerCase(ValueFormat.class);
  private static final EnumOption<ValueLayout> VALUE_LAYOUTS =
      EnumOption.lowerCase(ValueLayout.class);
  private static final EnumOption<DeleteMode> DELETE_MODES = EnumOption.lowerCase(DeleteMode.class);
  private static final EnumOption<SkippedOperation> OPERATIONS =
      EnumOption.lowerCase(SkippedOperation.class);

  public RecordConfig {
    skipped = Set.copyOf(skipped);
  }

  static void define(ConfigDef definition) {
    ConfigGroup group =
        new ConfigGroup(definition, ConfigGroup.RECORDS)
            .add(
                ConfigKey.of(
                        TOPIC_FORMAT,
                        "Topic",
                        "The topic of a table's records. '${table}' stands for the table's name, '${region}' and"
                            + " '${account}' for the AWS region and account that it is in.")
                    .text(TopicFormat.TABLE)
                    .check(TopicFormat::check)
                    .importance(Importance.HIGH))
            .add(
                ConfigKey.of(
                        KEY_FORMAT,
                        "Key format",
                        "The record key: 'json' is an object of the key attributes such as {\"pk\":\"a\",\"sk\":1}, as"
                            + " text; 'struct' is the same with a Connect schema, for Avro and other converters that keep"
                            + " schemas; 'primary_key' is the text pk, or pk|sk with a sort key (two items share a key if"
                            + " '|' occurs in their attributes).")
                    .choice(KEY_FORMATS, KeyFormat.JSON))
            .add(
                ConfigKey.of(
                        VALUE_FORMAT,
                        "Value format",
                        "An item in the record value: 'json' is plain JSON text; 'dynamodb_json' is the text in which"
                            + " DynamoDB writes items, each value with its type; 'struct' has a Connect schema, for Avro,"
                            + " Protobuf and JSON Schema converters and for JsonConverter.")
                    .choice(VALUE_FORMATS, ValueFormat.JSON)
                    .importance(Importance.HIGH))
            .add(
                ConfigKey.of(
                        VALUE_LAYOUT,
                        "Value layout",
                        "What the record value is: 'document' is the item; 'envelope' is Debezium's, with the item in"
                            + " 'before' and 'after', 'op' (r, c, u, d), 'ts_ms' and 'source'. As 'struct' it can be"
                            + " unwrapped by Debezium's ExtractNewRecordState.")
                    .choice(VALUE_LAYOUTS, ValueLayout.DOCUMENT));
    StructConfig.define(group);
    group
        .add(
            ConfigKey.of(
                    DELETE_MODE,
                    "Deletions",
                    "What tells that an item was deleted: 'document' is a record with a value; 'tombstone' is one without"
                        + " a value, at which a compacted topic drops the item; 'document_and_tombstone' is both, one after"
                        + " the other.")
                .choice(DELETE_MODES, DeleteMode.DOCUMENT))
        .add(
            ConfigKey.of(
                    SKIPPED_OPERATIONS,
                    "Skipped operations",
                    "What is not written to Kafka, separated by commas: 'r' items of the snapshot, 'c' items that were"
                        + " put anew, 'u' items that were changed, 'd' deletions, 'ttl' those deletions that DynamoDB made"
                        + " because the time to live was over.")
                .texts()
                .check(RecordConfig::checkOperations)
                .importance(Importance.LOW)
                .recommends(OPERATIONS))
        .add(
            ConfigKey.of(
                    HEADERS_PREFIX,
                    "Header prefix",
                    "What the names of all record headers begin with, for instance 'dynamodb.'.")
                .text("")
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    STATUS_TOPIC,
                    "Status topic",
                    "The topic for the connector's status records, which carry its progress. They must not be"
                        + " dropped by a transform. Without it, the connector's name with '-status'.")
                .check(Validators.text(TopicName::problem)));
    SizeLimit.define(group);
  }

  static RecordConfig from(AbstractConfig config) {
    Map<String, String> raw = config.originalsStrings();
    return new RecordConfig(
        new TopicFormat(config.getString(TOPIC_FORMAT)),
        KEY_FORMATS.parse(config.getString(KEY_FORMAT)),
        ConverterKind.of(raw.get(KEY_CONVERTER)),
        VALUE_FORMATS.parse(config.getString(VALUE_FORMAT)),
        VALUE_LAYOUTS.parse(config.getString(VALUE_LAYOUT)),
        ConverterKind.of(raw.get(VALUE_CONVERTER)),
        StructConfig.from(config),
        DELETE_MODES.parse(config.getString(DELETE_MODE)),
        operations(config.getList(SKIPPED_OPERATIONS)),
        config.getString(HEADERS_PREFIX).strip(),
        SizeLimit.from(config));
  }

  static boolean isStruct(AbstractConfig config) {
    return VALUE_FORMATS.parse(config.getString(VALUE_FORMAT)) == ValueFormat.STRUCT;
  }

  private static Set<SkippedOperation> operations(List<String> letters) {
    Set<SkippedOperation> operations = EnumSet.noneOf(SkippedOperation.class);
    letters.stream()
        .filter(each -> !each.isBlank())
        .map(OPERATIONS::parse)
        .forEach(operations::add);
    return operations;
  }

  private static void checkOperations(String name, @Nullable Object value) {
    if (value instanceof List<?> letters) {
      try {
        operations(letters.stream().map(Object::toString).toList());
      } catch (ConfigException e) {
        throw InvalidValueException.of(
            name, "must be some of " + OPERATIONS + ", separated by commas", value);
      }
    }
  }
}
