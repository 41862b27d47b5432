package io.github.dynamokc.config;

import java.util.Locale;

/** How a number stands in a struct. No type of Connect holds all numbers of DynamoDB as numbers. */
public enum NumberMode {
  /** Connect's Decimal of 38 digits, 18 of them after the point. */
  DECIMAL,
  /** Plain decimal text, which holds any number. */
  STRING,
  /** A 64-bit float, which rounds. */
  DOUBLE;

  public static final String KEY = "struct.number.mode";

  /** As the user writes it. */
  public String setting() {
    return KEY + '=' + name().toLowerCase(Locale.ROOT);
  }
}
