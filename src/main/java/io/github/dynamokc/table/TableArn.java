package io.github.dynamokc.table;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the ARN of a table says, or that of an export or stream of it, which begins with the
 * table's.
 */
public record TableArn(String region, String account) {
  private static final Pattern ARN = Pattern.compile("arn:[^:]+:dynamodb:([^:]+):([^:]+):table/.+");

  private static final Pattern TABLE =
      Pattern.compile("arn:[^:]+:dynamodb:[^:]+:[^:]*:table/([^/]+)");

  /**
   * The name of a table.
   *
   * @return null if the ARN is one of something else, such as a stream
   */
  public static @Nullable String tableName(String arn) {
    Matcher matcher = TABLE.matcher(arn);
    return matcher.matches() ? matcher.group(1) : null;
  }

  /**
   * Reads an ARN as DynamoDB gives it.
   *
   * @throws IllegalArgumentException if it is not one of a table
   */
  public static TableArn parse(String arn) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "Not the ARN of a table or of what belongs to one: " + arn);
    }
    return new TableArn(matcher.group(1), matcher.group(2));
  }
}
