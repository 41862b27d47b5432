package io.github.dynamokc.struct;

import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The form of a version by which columns are claimed: one record with one field, whose default is
 * the text of the columns' schema. So each claim is compatible with each other one by any rule.
 *
 * <p>Claims that conflict would be refused otherwise, and not only they: a registry checks and adds
 * in two steps, so that two of them can get in at the same time, and with {@code FULL_TRANSITIVE}
 * nothing would be compatible with both for ever after.
 */
final class Claim {
  private static final String NAME = "io.github.dynamokc.Columns";
  private static final String FIELD = "columns";
  private static final String DOC =
      "How the tasks of the DynamoDB connector agree about columns. Leave it as it is; nothing is"
          + " written by this schema.";

  private Claim() {}

  /** The version that claims columns. */
  static Schema of(Schema columns) {
    int dot = NAME.lastIndexOf('.');
    Schema claim = Schema.createRecord(NAME.substring(dot + 1), DOC, NAME.substring(0, dot), false);
    claim.setFields(
        List.of(
            new Schema.Field(
                FIELD, Schema.create(Schema.Type.STRING), null, (Object) columns.toString())));
    return claim;
  }

  /**
   * The columns that a version claims, null if it is no claim.
   *
   * @throws org.apache.avro.AvroRuntimeException if its text is no schema
   */
  static @Nullable Schema columns(Schema version) {
    boolean isClaim = version.getType() == Schema.Type.RECORD && version.getFullName().equals(NAME);
    Schema.Field field = isClaim ? version.getField(FIELD) : null;
    return field != null && field.defaultVal() instanceof String columns
        ? AvroColumns.parse(columns)
        : null;
  }
}
