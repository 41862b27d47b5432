package io.github.dynamokc.aws;

import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Puts a failed AWS call into words for a user: what was tried, on what, what AWS said, what to do.
 *
 * <p>What AWS says about a bad signature is not shown. It quotes the signed request, whose headers
 * hold the session token.
 */
public final class AwsErrors {
  private static final int MAX_CAUSES = 20;
  private static final Map<String, String> ADVICE_BY_CODE =
      Map.of(
          "PointInTimeRecoveryUnavailableException",
          "Turn on point-in-time recovery for the table and restart the connector, or set snapshot.mode=no_data.",
          "InvalidExportTimeException",
          "The time is not within the table's recovery period: if point-in-time recovery was just turned on, restart the connector in a few minutes.",
          "ExportConflictException",
          "An export for the same snapshot was asked for with other settings: set back the keys that begin with export.s3, or set another snapshot.id.",
          "PreconditionFailed",
          "The object was replaced while it was read: nothing but DynamoDB may write where exports are. Set another snapshot.id to take a new export.",
          "NoSuchKey",
          "The object was deleted, perhaps by a lifecycle rule of the bucket. Set another snapshot.id to take a new export.",
          "NoSuchBucket",
          "Check export.s3.bucket and export.s3.region, and export.s3.bucket.owner if another account owns the bucket.");

  private AwsErrors() {}

  /**
   * The failure in words.
   *
   * @param action the IAM action that the call needs, such as {@code dynamodb:DescribeTable}
   * @param resource what it was tried on, such as a table's name; not a secret
   */
  public static String describe(String action, String resource, Throwable failure) {
    AwsServiceException service = service(failure);
    AwsErrorKind kind = AwsErrorKind.of(failure);
    boolean ofRole = isOfRole(failure) && !action.startsWith("sts:");
    String failedAction = ofRole ? "sts:AssumeRole" : action;
    return action
        + " on "
        + resource
        + " failed: "
        + (ofRole ? "the role in aws.sts.role.arn could not be assumed: " : "")
        + said(failure)
        + ". "
        + advice(service, kind, failedAction, resource);
  }

  /**
   * The failure as what fails a connector or task. Its cause is left out where it would show a
   * secret in the worker's log.
   *
   * @param action the IAM action that the call needs
   * @param resource what it was tried on; not a secret
   */
  public static ConnectException failure(String action, String resource, Throwable failure) {
    String message = describe(action, resource, failure);
    return AwsErrorKind.of(failure) == AwsErrorKind.INVALID_CREDENTIALS
        ? new ConnectException(message)
        : new ConnectException(message, failure);
  }

  /** The error code that AWS gave, such as {@code ResourceNotFoundException}; empty without one. */
  static String code(AwsServiceException failure) {
    AwsErrorDetails details = failure.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  /** Whether a role could not be assumed, whatever the call was for. */
  static boolean isOfRole(Throwable failure) {
    AwsServiceException service = service(failure);
    return service != null && ofSts(service);
  }

  /** Whether DynamoDB does not accept a value of the request. */
  public static boolean isValidationError(Throwable failure) {
    return isOfCode(failure, "ValidationException");
  }

  /** Whether DynamoDB exports nothing of the time that was asked for. */
  public static boolean isInvalidExportTime(Throwable failure) {
    return isOfCode(failure, "InvalidExportTimeException");
  }

  /** Whether point-in-time recovery is off for the table. */
  public static boolean isRecoveryUnavailable(Throwable failure) {
    return isOfCode(failure, "PointInTimeRecoveryUnavailableException");
  }

  /** Whether a listing took so long that it has to begin anew. */
  public static boolean isPaginationTokenExpired(Throwable failure) {
    return isOfCode(failure, "PaginationTokenExpiredException");
  }

  private static boolean isOfCode(Throwable failure, String code) {
    AwsServiceException service = service(failure);
    return service != null && code(service).equals(code);
  }

  private static boolean ofSts(AwsServiceException failure) {
    AwsErrorDetails details = failure.awsErrorDetails();
    return details != null && "Sts".equalsIgnoreCase(details.serviceName());
  }

  private static @Nullable AwsServiceException service(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof AwsServiceException service) {
        return service;
      }
      cause = cause.getCause();
    }
    return null;
  }

  /**
   * What AWS said, without what to do about it, and without a full stop.
   *
   * @param failure the failed call, or what wraps it
   */
  public static String said(Throwable failure) {
    AwsErrorKind kind = AwsErrorKind.of(failure);
    AwsServiceException service = service(failure);
    return service == null ? said(kind, failure) : said(kind, service);
  }

  private static String said(AwsErrorKind kind, AwsServiceException failure) {
    AwsErrorDetails details = failure.awsErrorDetails();
    String code = code(failure);
    StringBuilder said = new StringBuilder(code.isEmpty() ? "AWS answered" : code);
    if (details != null
        && details.errorMessage() != null
        && kind != AwsErrorKind.INVALID_CREDENTIALS) {
      said.append(": ").append(withoutFullStop(details.errorMessage()));
    }
    said.append(" (HTTP ").append(failure.statusCode());
    if (failure.requestId() != null) {
      said.append(", request id ").append(failure.requestId());
    }
    return said.append(')').toString();
  }

  private static String said(AwsErrorKind kind, Throwable failure) {
    if (kind == AwsErrorKind.INTERRUPTED) {
      return "it was interrupted";
    }
    String message = failure.getMessage();
    return failure.getClass().getSimpleName()
        + (message == null ? "" : ": " + withoutFullStop(message));
  }

  /** A sentence as part of another one. */
  public static String withoutFullStop(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  /** What to do: by the code where that says more than its kind. */
  private static String advice(
      @Nullable AwsServiceException service, AwsErrorKind kind, String action, String resource) {
    String byCode = service == null ? null : ADVICE_BY_CODE.get(code(service));
    return byCode == null ? advice(kind, action, resource) : byCode;
  }

  private static String advice(AwsErrorKind kind, String action, String resource) {
    return switch (kind) {
      case THROTTLED ->
          "AWS limits how often this may be called; check what else calls it in this account and region.";
      case SERVER_ERROR -> "AWS could not answer; check the AWS Health Dashboard if it goes on.";
      case NETWORK ->
          "Check that the worker reaches AWS: network, DNS, aws.http.proxy.url and the endpoint keys.";
      case INTERRUPTED -> "The task or connector was stopping.";
      case EXPIRED_CREDENTIALS ->
          "The credentials have expired: write new ones, or use aws.sts.role.arn, whose credentials renew themselves.";
      case INVALID_CREDENTIALS ->
          "Check the access key, its secret and session token, the region, and the worker's clock.";
      case ACCESS_DENIED ->
          action.equals("sts:AssumeRole")
              ? "Allow sts:AssumeRole to the connector's credentials and name them in the role's trust policy"
                  + " (with aws.sts.external.id, if the policy asks for one)."
              : "Allow "
                  + action
                  + " on "
                  + resource
                  + " to the connector's credentials (or role).";
      case NOT_FOUND, NO_SUCH_OBJECT ->
          "Check its name, the region and the account of the credentials.";
      case POSITION_TRIMMED -> "The stream keeps changes for 24 hours; this position is gone.";
      case ITERATOR_EXPIRED -> "Reading goes on with a new iterator.";
      case CONFLICT -> "It contradicts an earlier request or a later change.";
      case INVALID -> "Check the configuration against what AWS says.";
      case NOT_SENT ->
          "The call could not be made: check that credentials are found and aws.region is right.";
      case OTHER -> "This is not an answer of AWS; the worker's log has its stack trace.";
    };
  }
}
