package io.github.dynamokc.struct;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The columns of all versions of a subject, each of which is read once. Not thread-safe. If reading
 * fails, what was read until then counts, and the next reading goes on behind it.
 */
final class SubjectColumns {
  private static final Logger LOG = LoggerFactory.getLogger(SubjectColumns.class);

  private final SchemaSubject subject;
  private final AvroColumns avro;
  private final Content content;
  private final Merge merge;
  private final Set<Integer> read = new HashSet<>();
  private TableColumns columns;

  /** How the columns of a version are added to those of the versions before it. */
  @FunctionalInterface
  interface Merge {
    TableColumns of(TableColumns earlier, TableColumns version);
  }

  /** The schema with columns that a version has, null for one that belongs to something else. */
  @FunctionalInterface
  interface Content {
    @Nullable Schema of(Schema version);
  }

  private SubjectColumns(
      SchemaSubject subject, AvroColumns avro, TableColumns none, Content content, Merge merge) {
    this.subject = subject;
    this.avro = avro;
    this.columns = none;
    this.content = content;
    this.merge = merge;
  }

  /** Of claims: the first one that has an attribute decides its type. */
  static SubjectColumns ofClaims(SchemaSubject subject, AvroColumns avro, TableColumns none) {
    return new SubjectColumns(subject, avro, none, Claim::columns, TableColumns::joined);
  }

  /** Of values: an attribute that has several types has no column. */
  static SubjectColumns ofValues(SchemaSubject subject, AvroColumns avro, TableColumns none) {
    return new SubjectColumns(subject, avro, none, version -> version, TableColumns::reconciled);
  }

  /** The columns of the versions that were read. */
  TableColumns columns() {
    return columns;
  }

  /** Reads the versions that were not read yet, in their order. */
  void readNewer(ColumnRegistry.Patience patience) throws InterruptedException {
    read(null, patience);
  }

  /**
   * Reads the versions that were not read yet, in their order.
   *
   * @param wanted a schema with columns
   * @return whether one of them has the wanted one
   */
  boolean readUpTo(Schema wanted, ColumnRegistry.Patience patience) throws InterruptedException {
    return read(AvroColumns.parse(wanted.toString()), patience);
  }

  private boolean read(@Nullable Schema wanted, ColumnRegistry.Patience patience)
      throws InterruptedException {
    boolean found = false;
    Deque<Integer> unread = unread();
    while (!unread.isEmpty()) {
      int number = unread.peek();
      SchemaSubject.Version version = subject.version(number);
      if (version instanceof SchemaSubject.Version.Missing) {
        patience.whileInvisible(
            "Version %d of %s is listed, but cannot be read.".formatted(number, subject.name()));
        // If it was taken away meanwhile, it is no longer listed.
        unread = unread();
        continue;
      }
      unread.remove();
      Schema schema = schema(version, number, unread.isEmpty());
      TableColumns more = schema == null ? null : avro.read(schema);
      columns = more == null ? columns : merge.of(columns, more);
      read.add(number);
      found |= schema != null && schema.equals(wanted);
    }
    return found;
  }

  private Deque<Integer> unread() throws InterruptedException {
    Deque<Integer> unread = new ArrayDeque<>();
    subject.versions().stream().distinct().sorted().forEach(unread::add);
    unread.removeAll(read);
    return unread;
  }

  /** Null for a version that tells of no columns. */
  private @Nullable Schema schema(SchemaSubject.Version version, int number, boolean isLatest) {
    if (version instanceof SchemaSubject.Version.Avro text) {
      try {
        Schema schema = content.of(AvroColumns.parse(text.schema()));
        return schema == null ? ignored(number) : schema;
      } catch (AvroRuntimeException e) {
        if (isLatest) {
          throw new ConnectException(
              "What is registered as the latest schema of %s is not an Avro schema"
                  .formatted(subject.name()),
              e);
        }
        return ignored(number);
      }
    }
    if (version instanceof SchemaSubject.Version.NotAvro other) {
      if (isLatest) {
        throw new ConnectException(
            "The latest schema of %s in the schema registry is of the type %s. Columns can be taken over from Avro only: write with an Avro converter and to a topic of its own, or use struct.schema=attributes"
                .formatted(subject.name(), other.type()));
      }
      return ignored(number);
    }
    throw new IllegalStateException("No kind of version: " + version);
  }

  private @Nullable Schema ignored(int number) {
    LOG.warn(
        "Version {} of {} in the schema registry is not of the kind that belongs there: no columns"
            + " are taken over from it.",
        number,
        subject.name());
    return null;
  }
}
