package io.github.dynamokc.struct;

import io.github.dynamokc.item.KeyNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads back the columns of a table from the Avro schema that a converter made of them. Not
 * thread-safe.
 */
final class AvroColumns {
  private static final Logger LOG = LoggerFactory.getLogger(AvroColumns.class);

  private final String schemaName;
  private final KeyNames names;

  /** What the log has already. */
  private final Set<String> told = new HashSet<>();

  AvroColumns(String schemaName, KeyNames names) {
    this.schemaName = schemaName;
    this.names = names;
  }

  /**
   * The columns of the record that is named as the items' schema is, wherever in the schema it is:
   * it may be that of an envelope.
   *
   * @return null if there is no such record
   */
  @Nullable TableColumns read(Schema avro) {
    Schema record = find(avro, new HashSet<>());
    if (record == null) {
      if (told.add(schemaName)) {
        LOG.warn(
            "A registered schema has no record {}: no columns are taken over from it.", schemaName);
      }
      return null;
    }
    ScalarType partitionKey = null;
    ScalarType sortKey = null;
    List<Column> rest = new ArrayList<>();
    StructLayout shape = shape(record, schemaName);
    for (Column column : shape.columns()) {
      boolean isPartitionKey = column.attribute().equals(names.partitionKey());
      boolean isSortKey = column.attribute().equals(names.sortKey());
      if (!isPartitionKey && !isSortKey) {
        rest.add(column);
      } else if (column.type() instanceof ScalarType type) {
        partitionKey = isPartitionKey ? type : partitionKey;
        sortKey = isSortKey ? type : sortKey;
      }
    }
    return new TableColumns(
        schemaName, names, partitionKey, sortKey, new StructLayout(rest, shape.refused()));
  }

  /**
   * Reads a schema.
   *
   * @throws org.apache.avro.AvroRuntimeException if the text is none
   */
  static Schema parse(String avro) {
    // Whoever registered it may be less strict about names than Avro.
    return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(avro);
  }

  private @Nullable Schema find(Schema schema, Set<String> seen) {
    switch (schema.getType()) {
      case RECORD -> {
        if (schema.getFullName().equals(schemaName)) {
          return schema;
        }
        return seen.add(schema.getFullName())
            ? findFirst(schema.getFields().stream().map(Schema.Field::schema).toList(), seen)
            : null;
      }
      case UNION -> {
        return findFirst(schema.getTypes(), seen);
      }
      case ARRAY -> {
        return find(schema.getElementType(), seen);
      }
      case MAP -> {
        return find(schema.getValueType(), seen);
      }
      default -> {
        return null;
      }
    }
  }

  private @Nullable Schema findFirst(List<Schema> schemas, Set<String> seen) {
    for (Schema schema : schemas) {
      Schema found = find(schema, seen);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private StructLayout shape(Schema record, String path) {
    List<Column> columns = new ArrayList<>();
    Set<String> refused = new HashSet<>();
    for (Schema.Field field : record.getFields()) {
      if (field.name().equals(FieldNames.OTHER)) {
        continue;
      }
      AvroType avro = new AvroType(field.schema());
      String attribute = avro.parameter(Parameters.NAME);
      if (attribute == null) {
        attribute = FieldNames.attribute(field.name());
      }
      ColumnType type =
          FieldNames.legal(attribute).equals(field.name())
              ? type(avro, FieldNames.nested(path, field.name()))
              : null;
      if (type == null) {
        warnOfForeign(record.getFullName(), field.name());
        refused.add(FieldNames.attribute(field.name()));
      } else {
        columns.add(new Column(attribute, type));
      }
    }
    return new StructLayout(columns, refused);
  }

  /** Once, though each version has it. */
  private void warnOfForeign(String record, String field) {
    if (told.add(record + "." + field)) {
      LOG.warn(
          "The field {} of the registered schema {} is not one that this connector makes: it stays"
              + " empty, and its values are in {}.",
          field,
          record,
          FieldNames.OTHER);
    }
  }

  /** Null for what no column is. */
  private @Nullable ColumnType type(AvroType avro, String path) {
    return switch (avro.type()) {
      case STRING ->
          avro.isOf("S")
              ? new TextType()
              : avro.isOf("N")
                  ? new NumberType.OfString()
                  : avro.isOf("JSON") ? new JsonType() : null;
      case BYTES ->
          avro.decimal() != null
              ? avro.isOf("N") ? avro.decimal() : null
              : avro.isOf("B") ? new BinaryType() : null;
      case DOUBLE -> avro.isOf("N") ? new NumberType.OfDouble() : null;
      case BOOLEAN -> avro.isOf("BOOL") ? new BooleanType() : null;
      case ARRAY -> array(avro, path);
      // Other names are not by the path: the schema may be in two places, which grow apart.
      case RECORD ->
          avro.isOf("M") && avro.schema().getFullName().equals(path)
              ? new StructType(path, shape(avro.schema(), path))
              : null;
      default -> null;
    };
  }

  private @Nullable ColumnType array(AvroType avro, String path) {
    AvroType elements = new AvroType(avro.schema().getElementType());
    ColumnType element = type(elements, path);
    if (element == null) {
      return null;
    }
    if (elements.isOptional()) {
      return avro.isOf("L") ? new ListType(element) : null;
    }
    if (element instanceof ScalarType scalar) {
      SetType set = new SetType(scalar);
      return avro.isOf(set.attributeType().name()) ? set : null;
    }
    return null;
  }
}
