package io.github.dynamokc.export;

import io.github.dynamokc.aws.AwsErrors;
import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.Registration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ExportTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.ExportViewType;

/**
 * Gets a table the incremental export of a window of time. The client token follows from what the
 * export is for, so that asking twice gives the same export, not a second bill: DynamoDB keeps a
 * token for 8 hours. So whoever has an export submitted commits its ARN right after that, before
 * anything else. Exports are not listed to find one of an older token: ListExports is a permission
 * that nothing else needs, and only a task that is down for 8 hours between the two would gain.
 *
 * <p>For one thread.
 */
public final class WindowSubmission {
  private static final Logger LOG = LoggerFactory.getLogger(WindowSubmission.class);

  /**
   * How far recovery may be behind: DynamoDB gives the latest time that it restores as typically
   * five minutes ago (API reference, "PointInTimeRecoveryDescription").
   */
  private static final Duration RECOVERY_LAG = Duration.ofMinutes(15);

  private final String table;
  private final DynamoDbClient dynamoDb;
  private final RequestListener listener;
  private final RetryingCalls calls;
  private final InstantSource clock;
  private final ExportRequests requests;

  /**
   * @param requests hears of the requests for the export
   * @param clock what time it is at AWS
   */
  public WindowSubmission(
      String connector,
      TableConfig config,
      DynamoDbClient dynamoDb,
      RequestListener requests,
      RetryingCalls calls,
      InstantSource clock) {
    this.table = config.table().name();
    this.dynamoDb = dynamoDb;
    this.listener = requests;
    this.calls = calls;
    this.clock = clock;
    this.requests = new ExportRequests(connector, config, dynamoDb, requests, calls);
  }

  /** The window has only just ended for DynamoDB, or will soon: it may be had later. */
  private static final class WindowTooNewException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private WindowTooNewException(String message, ConnectException refusal) {
      super(message, refusal);
    }
  }

  /**
   * Has DynamoDB start the export, or gives the one that it started for the same attempt within the
   * last 8 hours. As long as the window is too new for DynamoDB it asks again, for {@code
   * stall.timeout.ms} at most.
   *
   * @param registration the table's
   * @param attempt of this window, from 1; another one is another export
   * @return the export's ARN, to be committed at once
   * @throws WindowNotExportableException if recovery is off, or does not reach back so far
   * @throws ConnectException if the export is refused for other reasons
   * @throws InterruptedException if the work is stopped
   */
  public String submit(Registration registration, ExportWindow window, long attempt)
      throws InterruptedException {
    ExportTableToPointInTimeRequest request =
        requests
            .request(
                registration,
                ExportType.INCREMENTAL_EXPORT.toString(),
                Long.toString(window.fromMs()),
                Long.toString(window.toMs()),
                Long.toString(attempt))
            .exportType(ExportType.INCREMENTAL_EXPORT)
            .incrementalExportSpecification(
                of ->
                    of.exportFromTime(window.from())
                        .exportToTime(window.to())
                        .exportViewType(ExportViewType.NEW_AND_OLD_IMAGES))
            .build();
    String arn = calls.retrier().call(() -> tried(request, window), WindowSubmission::verdict);
    LOG.info(
        "Table {}: incremental export {} of {} submitted, attempt {}", table, arn, window, attempt);
    return arn;
  }

  private String tried(ExportTableToPointInTimeRequest request, ExportWindow window)
      throws InterruptedException {
    try {
      return requests.submit(request).exportArn();
    } catch (ConnectException e) {
      boolean unavailable = AwsErrors.isRecoveryUnavailable(e);
      if (!unavailable && !AwsErrors.isInvalidExportTime(e)) {
        throw e;
      }
      Instant earliest = RecoveryReach.earliest(dynamoDb, calls, listener, request.tableArn());
      if (!unavailable && isTooNew(window, earliest)) {
        throw new WindowTooNewException(
            "Table %s: the changes of %s are not to be had yet, it is %s: %s."
                .formatted(table, window, clock.instant(), said(e)),
            e);
      }
      throw notExportable(window, earliest, e);
    }
  }

  /**
   * Whether a window that is refused for its times will be taken later: not if it begins before
   * what recovery reaches back to. Where that is not known, only a window that has just ended, or
   * not yet, is taken to be too new.
   */
  private boolean isTooNew(ExportWindow window, @Nullable Instant earliest) {
    return earliest == null
        ? window.to().plus(RECOVERY_LAG).isAfter(clock.instant())
        : !window.from().isBefore(earliest.truncatedTo(ChronoUnit.SECONDS));
  }

  private static Retrier.Verdict verdict(RuntimeException failure) {
    return failure instanceof WindowTooNewException
        ? new Retrier.Verdict.Retry(String.valueOf(failure.getMessage()), failure.getCause())
        : new Retrier.Verdict.GiveUp(failure);
  }

  private WindowNotExportableException notExportable(
      ExportWindow window, @Nullable Instant earliest, ConnectException refusal) {
    return new WindowNotExportableException(
        "Table %s: its changes of %s cannot be exported: %s.%s Have a new snapshot taken instead: set snapshot.mode=when_needed, or another snapshot.id; point-in-time recovery must be on for the table, for that and for later gaps"
            .formatted(
                table,
                window,
                said(refusal),
                earliest == null
                    ? ""
                    : " Point-in-time recovery reaches back to " + earliest + "."),
        refusal);
  }

  private static String said(ConnectException refusal) {
    return "%s: %s".formatted(ExportRequests.SUBMIT, AwsErrors.said(refusal));
  }
}
