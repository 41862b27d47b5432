package io.github.dynamokc.table;

import io.github.dynamokc.aws.AwsErrorKind;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.TableConfig;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * What stands in the way of beginning with a table: its state, its stream, its recovery. The one
 * place that says so. A reason is in few words, to be read behind the table's name, such as {@code
 * its stream is not enabled}.
 */
public final class Readiness {
  public static final String NO_RECOVERY = "point-in-time recovery is off, which its export needs";

  private Readiness() {}

  /**
   * Asks DynamoDB for the table, and if it is to be exported for its recovery.
   *
   * @return the reason, null if the table can be begun with
   * @throws ConnectException if DynamoDB does not answer
   * @throws InterruptedException if the work is stopped
   */
  public static @Nullable String obstacle(
      DynamoDbClient client, RetryingCalls calls, TableConfig config) throws InterruptedException {
    TableDescription table = TableDescription.readIfExists(client, calls, config.table());
    if (table == null) {
      return "it does not exist";
    }
    String ofTable = obstacle(table, config);
    return ofTable != null || !config.startsSnapshots()
        ? ofTable
        : ofRecovery(client, calls, table);
  }

  /** What a description shows; null if there is nothing in the way as far as it tells. */
  public static @Nullable String obstacle(TableDescription table, TableConfig config) {
    String ofState = ofState(table);
    return ofState != null || !config.snapshot().mode().followsStream() ? ofState : ofStream(table);
  }

  /** A table that is being updated can be read. */
  private static @Nullable String ofState(TableDescription table) {
    return switch (table.status()) {
      case CREATING -> "it is being created";
      case DELETING -> "it is being deleted";
      case INACCESSIBLE_ENCRYPTION_CREDENTIALS -> "its KMS key cannot be used";
      case ARCHIVING, ARCHIVED -> "it is archived, as its KMS key could not be used";
      default -> null;
    };
  }

  private static @Nullable String ofStream(TableDescription table) {
    if (table.streamArn() == null) {
      return "its stream is not enabled";
    }
    StreamViewType view = table.viewType();
    return view == StreamViewType.NEW_IMAGE || view == StreamViewType.NEW_AND_OLD_IMAGES
        ? null
        : "its stream has the view type " + view + ", which does not carry the items";
  }

  /** The permission is one that a connector without discovery can do without. */
  private static @Nullable String ofRecovery(
      DynamoDbClient client, RetryingCalls calls, TableDescription table)
      throws InterruptedException {
    try {
      return isRecoverable(
              calls.call(
                  "dynamodb:DescribeContinuousBackups",
                  table.arn(),
                  () -> client.describeContinuousBackups(r -> r.tableName(table.arn()))))
          ? null
          : NO_RECOVERY;
    } catch (ConnectException e) {
      if (AwsErrorKind.of(e) == AwsErrorKind.ACCESS_DENIED) {
        return null;
      }
      throw e;
    }
  }

  /** Whether point-in-time recovery is on. */
  public static boolean isRecoverable(DescribeContinuousBackupsResponse backups) {
    var description = backups.continuousBackupsDescription();
    return description != null
        && description.pointInTimeRecoveryDescription() != null
        && description.pointInTimeRecoveryDescription().pointInTimeRecoveryStatus()
            == PointInTimeRecoveryStatus.ENABLED;
  }
}
