package io.github.dynamokc.export;

import io.github.dynamokc.aws.AwsErrorKind;
import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.aws.RetryingCalls;
import java.time.Instant;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** How far back a table can be exported, as far as the connector may know that. */
public final class RecoveryReach {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryReach.class);

  private RecoveryReach() {}

  /**
   * To when point-in-time recovery of a table reaches back.
   *
   * @param requests hears of the requests
   * @return null if it is off, or the connector may not ask: the permission is one that only checks
   *     of a config need
   * @throws ConnectException if DynamoDB does not answer
   */
  public static @Nullable Instant earliest(
      DynamoDbClient client, RetryingCalls calls, RequestListener requests, String tableArn)
      throws InterruptedException {
    try {
      var backups =
          calls
              .call(
                  "dynamodb:DescribeContinuousBackups",
                  tableArn,
                  () ->
                      client.describeContinuousBackups(
                          r ->
                              r.tableName(tableArn)
                                  .overrideConfiguration(RequestListener.of(requests))))
              .continuousBackupsDescription();
      return backups == null || backups.pointInTimeRecoveryDescription() == null
          ? null
          : backups.pointInTimeRecoveryDescription().earliestRestorableDateTime();
    } catch (ConnectException e) {
      if (AwsErrorKind.of(e) != AwsErrorKind.ACCESS_DENIED) {
        throw e;
      }
      LOG.debug("{}: it is not known how far recovery reaches back", tableArn, e);
      return null;
    }
  }
}
