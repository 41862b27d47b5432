package io.github.dynamokc.testing.aws;

import java.nio.file.Path;

/**
 * The time that DynamoDB Local takes for the machine's; see {@link MovedClasses}. Public, as its
 * classes call it, which another class loader has.
 */
public final class DynamoDbLocalTime {
  /** The system property with the file of the {@link AwsTime}. */
  static final String FILE = "aws.time.file";

  private static final AwsTime TIME = AwsTime.in(Path.of(System.getProperty(FILE)));

  private DynamoDbLocalTime() {}

  /** In place of {@link System#currentTimeMillis()}. */
  public static long currentTimeMillis() {
    return TIME.millis();
  }
}
