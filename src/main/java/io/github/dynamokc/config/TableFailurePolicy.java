package io.github.dynamokc.config;

/** What the failure of one table means for the others. */
public enum TableFailurePolicy {
  /** The connector or the task fails, and with it all of its tables. */
  FAIL,
  /** The table is set aside and tried again later; the others go on. */
  ISOLATE;

  /** The key; it begins as an override does and is none. */
  public static final String KEY = "table.on.failure";

  static final EnumOption<TableFailurePolicy> OPTION =
      EnumOption.lowerCase(TableFailurePolicy.class);
}
