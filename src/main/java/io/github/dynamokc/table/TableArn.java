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
      Pattern.compile("arn:[^:]+:dynamodb:([^:]+):[^:]*:table/([^/]+)");

  /**
   * The name of a table.
   *
   * @param region where the table has to be, null for anywhere
   * @return null if the ARN is one of something else, such as a stream, or of another region
   */
  public static @Nullable String tableName(String arn, @Nullable String region) {
    Matcher matcher = TABLE.matcher(arn);
    return matcher.matches() && (region == null || region.equals(matcher.group(1)))
        ? matcher.group(2)
        : null;
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
