package io.github.dynamokc.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A table as the user named it: by its name or by its ARN.
 *
 * @param name the table's name, 3 to 255 of {@code [a-zA-Z0-9_.-]}
 * @param arn the ARN, if that is what the user gave
 * @param region the region of the ARN, null without one
 * @param account the account of the ARN, null without one
 */
public record TableRef(
    String name, @Nullable String arn, @Nullable String region, @Nullable String account) {
  static final String FORMS =
      "tables' names (3 to 255 of letters, digits, '_', '.' and '-')"
          + " or ARNs (arn:aws:dynamodb:<region>:<account>:table/<name>)";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):(\\d{12}):table/([a-zA-Z0-9_.-]{3,255})");

  /**
   * Reads a table name or table ARN, of any AWS partition.
   *
   * @throws ConfigException if the text is neither
   */
  public static TableRef parse(String text) {
    Matcher arn = ARN.matcher(text);
    if (arn.matches()) {
      return new TableRef(arn.group(3), text, arn.group(1), arn.group(2));
    }
    if (NAME.matcher(text).matches()) {
      return new TableRef(text, null, null, null);
    }
    throw new ConfigException("A table must be given as " + FORMS + ", is " + text);
  }

  /** Whether a table can have this name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * What AWS requests take as {@code TableName}: the ARN where there is one, otherwise the name.
   */
  public String identifier() {
    return arn == null ? name : arn;
  }
}
