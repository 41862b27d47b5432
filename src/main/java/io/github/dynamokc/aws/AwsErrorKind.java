package io.github.dynamokc.aws;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What kind a failure of an AWS call is: told from exception classes, error codes and status codes,
 * never from the text of a message. What is done about it is for {@link ErrorPolicy} to say.
 */
public enum AwsErrorKind {
  /** Too many calls, or too many readers of a shard. */
  THROTTLED,
  /** AWS failed. */
  SERVER_ERROR,
  /** No answer, or a broken one: no connection, a time-out, a body cut short. */
  NETWORK,
  /** The calling thread was interrupted: it shall stop. */
  INTERRUPTED,
  /** The credentials were good once. */
  EXPIRED_CREDENTIALS,
  /** AWS does not know the credentials, or they do not fit together. */
  INVALID_CREDENTIALS,
  /** AWS knows the caller and does not let him. */
  ACCESS_DENIED,
  /**
   * The table, stream, shard or export does not exist, or is said not to: these answers are
   * eventually consistent.
   */
  NOT_FOUND,
  /** The bucket or object does not exist. S3 is consistent: one answer is certain. */
  NO_SUCH_OBJECT,
  /** The stream no longer holds the position that was asked for. */
  POSITION_TRIMMED,
  /** A shard iterator older than 15 minutes: take a new one from the last position. */
  ITERATOR_EXPIRED,
  /** The request contradicts the state: a token with other parameters, an object that changed. */
  CONFLICT,
  /** AWS does not accept the request. */
  INVALID,
  /** The SDK could not make the call: no credentials found, a wrong setting. */
  NOT_SENT,
  /** Not a failure of AWS at all. */
  OTHER;

  private static final Set<String> THROTTLING_CODES =
      Set.of(
          "LimitExceededException",
          "ProvisionedThroughputExceededException",
          "RequestLimitExceeded",
          "SlowDown",
          "ThrottledException",
          "Throttling",
          "ThrottlingException",
          "TooManyRequestsException");
  private static final Set<String> EXPIRED_CODES =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired");
  private static final Set<String> INVALID_CREDENTIALS_CODES =
      Set.of(
          "AuthFailure",
          "IncompleteSignature",
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "InvalidToken",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "RequestExpired",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException");
  private static final Set<String> ACCESS_DENIED_CODES =
      Set.of("AccessDenied", "AccessDeniedException", "AllAccessDisabled", "UnauthorizedOperation");
  private static final Set<String> NOT_FOUND_CODES =
      Set.of("ExportNotFoundException", "ResourceNotFoundException", "TableNotFoundException");
  private static final Set<String> NO_SUCH_OBJECT_CODES = Set.of("NoSuchBucket", "NoSuchKey");
  private static final Set<String> CONFLICT_CODES =
      Set.of(
          "ExportConflictException",
          "IdempotentParameterMismatchException",
          "PreconditionFailed",
          "ResourceInUseException");

  /** Deep enough for any real chain of causes; ends a chain that leads back into itself. */
  private static final int MAX_CAUSES = 20;

  /** The kind of a failure, which may be wrapped in others. */
  public static AwsErrorKind of(Throwable failure) {
    AwsErrorKind kind = OTHER;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof AwsServiceException service) {
        return ofService(service);
      }
      AwsErrorKind found = ofClass(cause);
      if (found == NOT_SENT) {
        // The reason may be beneath: the SDK wraps a broken connection, or a refused role, in this.
        kind = NOT_SENT;
      } else if (found != OTHER) {
        return found;
      }
      cause = cause.getCause();
    }
    return kind;
  }

  private static AwsErrorKind ofClass(Throwable cause) {
    if (cause instanceof AbortedException
        || cause instanceof InterruptedException
        || cause instanceof ClosedByInterruptException) {
      return INTERRUPTED;
    }
    if (cause instanceof ApiCallTimeoutException
        || cause instanceof ApiCallAttemptTimeoutException
        || cause instanceof Crc32MismatchException
        || cause instanceof IOException) {
      return NETWORK;
    }
    return cause instanceof SdkClientException ? NOT_SENT : OTHER;
  }

  private static AwsErrorKind ofService(AwsServiceException failure) {
    String code = AwsErrors.code(failure);
    if (THROTTLING_CODES.contains(code) || failure.isThrottlingException()) {
      return THROTTLED;
    } else if (EXPIRED_CODES.contains(code)) {
      return EXPIRED_CREDENTIALS;
    } else if (INVALID_CREDENTIALS_CODES.contains(code)) {
      return INVALID_CREDENTIALS;
    } else if (ACCESS_DENIED_CODES.contains(code)) {
      return ACCESS_DENIED;
    } else if (code.equals("TrimmedDataAccessException")) {
      return POSITION_TRIMMED;
    } else if (code.equals("ExpiredIteratorException")) {
      return ITERATOR_EXPIRED;
    } else if (NOT_FOUND_CODES.contains(code)) {
      return NOT_FOUND;
    } else if (NO_SUCH_OBJECT_CODES.contains(code)) {
      return NO_SUCH_OBJECT;
    } else if (CONFLICT_CODES.contains(code)) {
      return CONFLICT;
    }
    return ofStatus(failure.statusCode());
  }

  private static AwsErrorKind ofStatus(int status) {
    if (status >= 500) {
      return SERVER_ERROR;
    }
    return switch (status) {
      case 401, 403 -> ACCESS_DENIED;
      case 404 -> NOT_FOUND;
      case 408 -> NETWORK;
      case 409, 412 -> CONFLICT;
      case 429 -> THROTTLED;
      default -> INVALID;
    };
  }
}
