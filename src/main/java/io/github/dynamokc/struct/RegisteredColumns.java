package io.github.dynamokc.struct;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a topic as a schema registry has them, so that one attribute has one type for
 * ever, whoever writes. Not thread-safe.
 *
 * <p>A registry has no compare-and-set, and Avro reads some types as others without an error. So
 * columns are claimed first, in a subject by which no record is written or read: who wants columns
 * adds a version with all that there are and its own, and then reads all versions up to that one.
 * The first version that has an attribute decides its type, for every reader of the subject alike.
 * Only what is decided so gets into the subject of the values, and into records.
 *
 * <p>What the subject of the values had before, or gets from others, is claimed too: an attribute
 * that has one type in all of its versions keeps that type. One that has several gets no column, as
 * none could be read with each of them.
 */
final class RegisteredColumns implements ColumnLog {
  private final ColumnRegistry registry;
  private final SubjectColumns claims;
  private final SubjectColumns values;
  private final ValueSchema valueSchema;

  /** The schema of values that was registered last. */
  private @Nullable String published;

  /**
   * @param valueSchema the schema of the values that have such columns
   */
  RegisteredColumns(
      ColumnRegistry registry, AvroColumns avro, TableColumns none, ValueSchema valueSchema) {
    this.registry = registry;
    this.claims = SubjectColumns.ofClaims(registry.claims(), avro, none);
    this.values = SubjectColumns.ofValues(registry.values(), avro, none);
    this.valueSchema = valueSchema;
  }

  @Override
  public TableColumns grow(TableColumns inUse, Growth growth) throws InterruptedException {
    ColumnRegistry.Patience patience = registry.patience();
    TableColumns before = null;
    while (true) {
      values.readNewer(patience);
      claims.readNewer(patience);
      TableColumns claimed = claims.columns();
      if (claimed != before) {
        // Others go on, so this is no standstill.
        patience = registry.patience();
        before = claimed;
      }
      TableColumns wanted = growth.of(claimed.joined(values.columns()));
      if (wanted.item().equals(claimed.item())) {
        publish(wanted, patience);
        return wanted;
      }
      claim(AvroSchemas.of(wanted.item()), patience);
    }
  }

  /** Returns when all versions up to the claim were read; that does not mean that it was first. */
  private void claim(Schema wanted, ColumnRegistry.Patience patience) throws InterruptedException {
    if (!register(registry.claims(), Claim.of(wanted).toString(), patience)) {
      return;
    }
    while (!claims.readUpTo(wanted, patience)) {
      patience.whileInvisible(
          "A version of %s was registered, but is not among its versions."
              .formatted(registry.claims().name()));
    }
  }

  /** So that no converter is the first one to register what it is to write. */
  private void publish(TableColumns columns, ColumnRegistry.Patience patience)
      throws InterruptedException {
    org.apache.kafka.connect.data.Schema schema = valueSchema.of(columns.item(), columns.image());
    if (schema == null || !columns.knowKeys()) {
      return;
    }
    String avro = AvroSchemas.of(schema).toString();
    while (!avro.equals(published)) {
      published = register(registry.values(), avro, patience) ? avro : published;
    }
  }

  private static boolean register(
      SchemaSubject subject, String avro, ColumnRegistry.Patience patience)
      throws InterruptedException {
    SchemaSubject.Registration answer = subject.register(avro);
    if (answer instanceof SchemaSubject.Registration.Refused refused) {
      patience.afterRefusal(
          "The schema registry refuses columns that were added to %s: %s"
              .formatted(subject.name(), refused.reason()));
    }
    return answer instanceof SchemaSubject.Registration.Accepted;
  }
}
