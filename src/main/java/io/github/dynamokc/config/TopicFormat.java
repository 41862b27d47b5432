package io.github.dynamokc.config;

import org.jspecify.annotations.Nullable;

/** A topic's name with placeholders for what is known of a table. */
public record TopicFormat(String text) {
  static final String TABLE = "${table}";
  private static final String REGION = "${region}";
  private static final String ACCOUNT = "${account}";

  /** What stands for the account, of which the configuration does not know more than its length. */
  private static final String SOME_ACCOUNT = "123456789012";

  /** Whether two tables have two topics. */
  boolean namesTable() {
    return text.contains(TABLE);
  }

  /** The topic of a table's records. */
  public String topic(String table, String region, String account) {
    return text.replace(TABLE, table).replace(REGION, region).replace(ACCOUNT, account);
  }

  /**
   * A sample topic name: valid if and only if the real one is, and equal for two tables only if
   * their real topics are. All tables of a connector are in one region.
   */
  String topicLike(TableRef table) {
    return topic(
        table.name(),
        table.region() == null ? "us-gov-west-1" : table.region(),
        table.account() == null ? SOME_ACCOUNT : table.account());
  }

  static void check(String name, @Nullable Object value) {
    String format = value == null ? "" : value.toString();
    String problem = TopicName.problem(new TopicFormat(format).topic("tbl", "r", SOME_ACCOUNT));
    if (problem != null) {
      throw InvalidValueException.of(
          name, problem + ", and ${table}, ${region} and ${account} for those of the table", value);
    }
  }
}
