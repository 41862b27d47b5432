package io.github.dynamokc.struct;

import io.github.dynamokc.item.KeyNames;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table as they are known at one time, with their two schemas. The schemas are the
 * same instances for every record, so that converters' caches hit. Immutable.
 */
final class TableColumns {
  static final int MOST_COLUMNS = 1_000;

  /**
   * Limit over all levels: nested maps used as dictionaries would exceed the limit of each map many
   * times over.
   */
  static final int MAX_FIELDS = 5_000;

  /**
   * Limit of the Avro schema. Registries keep a schema as one message of Kafka's, of 1 MB at most,
   * in quotes, and a claim has it in quotes once more.
   */
  static final long MAX_SCHEMA_BYTES = 600_000;

  private static final Schema OTHER =
      SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).optional().build();

  private final String schemaName;
  private final KeyNames names;
  private final @Nullable ScalarType partitionKey;
  private final @Nullable ScalarType sortKey;
  private final StructLayout rest;
  private final Schema item;
  private final Schema image;
  private final ItemFields itemFields;
  private final ItemFields imageFields;

  /**
   * @param partitionKey how the partition key is held, null if no key was seen yet
   * @param rest the columns of all attributes that are not in the key
   */
  TableColumns(
      String schemaName,
      KeyNames names,
      @Nullable ScalarType partitionKey,
      @Nullable ScalarType sortKey,
      StructLayout rest) {
    this.schemaName = schemaName;
    this.names = names;
    this.partitionKey = partitionKey;
    this.sortKey = sortKey;
    this.rest = rest;
    this.item = builder().build();
    this.image = builder().optional().build();
    this.itemFields = new ItemFields(item, rest);
    this.imageFields = new ItemFields(image, rest);
  }

  static TableColumns none(String schemaName, KeyNames names) {
    return new TableColumns(schemaName, names, null, null, StructLayout.EMPTY);
  }

  private SchemaBuilder builder() {
    SchemaBuilder struct = SchemaBuilder.struct().name(schemaName);
    if (partitionKey != null) {
      new Column(names.partitionKey(), partitionKey).addTo(struct, false);
    }
    if (sortKey != null && names.sortKey() != null) {
      new Column(names.sortKey(), sortKey).addTo(struct, false);
    }
    struct.field(FieldNames.OTHER, OTHER);
    rest.columns().forEach(column -> column.addTo(struct, true));
    return struct;
  }

  /** The schema of an item. */
  Schema item() {
    return item;
  }

  /** The same as an optional one. */
  Schema image() {
    return image;
  }

  /** The fields of {@link #item}. */
  ItemFields itemFields() {
    return itemFields;
  }

  /** The fields of {@link #image}. */
  ItemFields imageFields() {
    return imageFields;
  }

  StructLayout rest() {
    return rest;
  }

  @Nullable ScalarType partitionKey() {
    return partitionKey;
  }

  @Nullable ScalarType sortKey() {
    return sortKey;
  }

  /** Whether the types of the key attributes are known, which any item tells. */
  boolean knowKeys() {
    return partitionKey != null && (sortKey != null || names.sortKey() == null);
  }

  /** The name that a struct would have that is the value of an attribute. */
  String pathOf(String attribute) {
    return FieldNames.nested(schemaName, FieldNames.legal(attribute));
  }

  /** Whether there is no place for anything that would add a field. */
  boolean isFull() {
    return rest.fields() >= MAX_FIELDS || rest.schemaBytes() >= MAX_SCHEMA_BYTES;
  }

  private static boolean isTooLarge(StructLayout rest) {
    return rest.fields() > MAX_FIELDS || rest.schemaBytes() > MAX_SCHEMA_BYTES;
  }

  /** Whether an attribute that has no column may get one. */
  boolean mayAdd(String attribute) {
    return !isFull() && rest.size() < MOST_COLUMNS && !rest.refuses(attribute);
  }

  /**
   * What {@link #rest} becomes for a value of an attribute.
   *
   * @param rest of these columns, or what became of it
   * @return this very shape if it holds the value already; null if it cannot
   */
  static @Nullable StructLayout grown(StructLayout rest, Column value) {
    StructLayout grown = rest.merge(value, MOST_COLUMNS, MergeMode.STRICT);
    return grown == null || (grown != rest && isTooLarge(grown)) ? null : grown;
  }

  /** The columns with the types of the keys, where they were not known. */
  TableColumns withKeys(ScalarType partition, @Nullable ScalarType sort) {
    return knowKeys()
        ? this
        : new TableColumns(
            schemaName,
            names,
            partitionKey == null ? partition : partitionKey,
            sortKey == null ? sort : sortKey,
            rest);
  }

  /**
   * These columns first, then what only other ones have. Where both have an attribute, the type of
   * these stays. What is beyond the limits gets no column any more, as it may be something else the
   * next time.
   */
  TableColumns joined(TableColumns other) {
    StructLayout all = rest;
    for (Column column : other.rest.columns()) {
      all = joined(all, column);
    }
    TableColumns joined = with(all.refusing(other.rest.refused()));
    return other.partitionKey == null ? joined : joined.withKeys(other.partitionKey, other.sortKey);
  }

  private static StructLayout joined(StructLayout all, Column column) {
    StructLayout both = all.merge(column, MOST_COLUMNS, MergeMode.LENIENT);
    boolean fits = both != null && (both == all || !isTooLarge(both));
    StructLayout joined = fits && both != null ? both : all;
    return joined.indexOf(column.attribute()) < 0
        ? joined.refusing(Set.of(column.attribute()))
        : joined;
  }

  /**
   * What these and other columns have, without attributes of which they have different types. Of
   * the keys, which must have columns, the later types count.
   */
  TableColumns reconciled(TableColumns later) {
    return new TableColumns(
        schemaName,
        names,
        later.partitionKey == null ? partitionKey : later.partitionKey,
        later.sortKey == null ? sortKey : later.sortKey,
        rest.reconcile(later.rest));
  }

  /** The columns with others in place of {@link #rest}. */
  TableColumns with(StructLayout more) {
    return more == rest ? this : new TableColumns(schemaName, names, partitionKey, sortKey, more);
  }
}
