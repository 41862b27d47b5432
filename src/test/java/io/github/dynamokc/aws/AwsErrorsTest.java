package io.github.dynamokc.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

class AwsErrorsTest {

  @ParameterizedTest(name = "{0} with status {1} is {2}")
  @CsvSource({
    "ThrottlingException, 400, THROTTLED, true",
    "ProvisionedThroughputExceededException, 400, THROTTLED, true",
    "LimitExceededException, 400, THROTTLED, true",
    "SlowDown, 503, THROTTLED, true",
    "Anything, 429, THROTTLED, true",
    "InternalServerError, 500, SERVER_ERROR, true",
    "ServiceUnavailable, 503, SERVER_ERROR, true",
    "'', 502, SERVER_ERROR, true",
    "RequestTimeout, 408, NETWORK, true",
    "ExpiredTokenException, 400, EXPIRED_CREDENTIALS, false",
    "ExpiredToken, 400, EXPIRED_CREDENTIALS, false",
    "UnrecognizedClientException, 400, INVALID_CREDENTIALS, false",
    "InvalidSignatureException, 400, INVALID_CREDENTIALS, false",
    "SignatureDoesNotMatch, 403, INVALID_CREDENTIALS, false",
    "AccessDeniedException, 400, ACCESS_DENIED, false",
    "AccessDenied, 403, ACCESS_DENIED, false",
    "'', 403, ACCESS_DENIED, false",
    "ResourceNotFoundException, 400, NOT_FOUND, false",
    "ExportNotFoundException, 400, NOT_FOUND, false",
    "NoSuchBucket, 404, NO_SUCH_OBJECT, false",
    "'', 404, NOT_FOUND, false",
    "TrimmedDataAccessException, 400, POSITION_TRIMMED, false",
    "ExpiredIteratorException, 400, ITERATOR_EXPIRED, false",
    "ExportConflictException, 400, CONFLICT, false",
    "PreconditionFailed, 412, CONFLICT, false",
    "ValidationException, 400, INVALID, false",
    "PointInTimeRecoveryUnavailableException, 400, INVALID, false"
  })
  void theKindOfAnAnswerComesFromItsCodeAndStatus(
      String code, int status, AwsErrorKind kind, boolean retryable) {
    AwsServiceException failure = answer("DynamoDb", code, status, "some words");
    assertThat(AwsErrorKind.of(failure)).isEqualTo(kind);
    assertThat(AwsErrorKind.of(new ExecutionException(failure))).isEqualTo(kind);
    assertThat(new ErrorPolicy().isWaitedOut("action", "resource", failure)).isEqualTo(retryable);
  }

  @ParameterizedTest
  @MethodSource("failuresWithoutAnswer")
  void theKindOfAFailureWithoutAnAnswerComesFromItsClass(Throwable failure, AwsErrorKind kind) {
    assertThat(AwsErrorKind.of(failure)).isEqualTo(kind);
  }

  static Stream<Arguments> failuresWithoutAnswer() {
    return Stream.of(
        Arguments.of(ApiCallTimeoutException.create(1), AwsErrorKind.NETWORK),
        Arguments.of(ApiCallAttemptTimeoutException.create(1), AwsErrorKind.NETWORK),
        Arguments.of(
            SdkClientException.create("no", new UnknownHostException("h")), AwsErrorKind.NETWORK),
        Arguments.of(new SocketTimeoutException("slow"), AwsErrorKind.NETWORK),
        Arguments.of(new UncheckedIOException(new IOException("cut")), AwsErrorKind.NETWORK),
        Arguments.of(AbortedException.create("stop"), AwsErrorKind.INTERRUPTED),
        Arguments.of(new ClosedByInterruptException(), AwsErrorKind.INTERRUPTED),
        Arguments.of(
            SdkClientException.create("no", new InterruptedException()), AwsErrorKind.INTERRUPTED),
        Arguments.of(SdkClientException.create("no credentials"), AwsErrorKind.NOT_SENT),
        Arguments.of(
            SdkClientException.create("no", answer("Sts", "AccessDenied", 403, "no")),
            AwsErrorKind.ACCESS_DENIED),
        Arguments.of(new IllegalStateException("bug"), AwsErrorKind.OTHER));
  }

  @Test
  void aCyclicChainOfCausesEnds() {
    Exception a = new Exception("a");
    a.initCause(new Exception("b", a));
    assertThat(AwsErrorKind.of(a)).isEqualTo(AwsErrorKind.OTHER);
  }

  @Test
  void aDeniedCallIsDescribedWithTheActionThatIsMissing() {
    String words =
        AwsErrors.describe(
            "dynamodb:DescribeTable",
            "orders",
            answer("DynamoDb", "AccessDeniedException", 400, "User x is not authorized."));
    assertThat(words)
        .isEqualTo(
            "dynamodb:DescribeTable on orders failed: AccessDeniedException: User x is not authorized"
                + " (HTTP 400, request id REQ-1). Allow dynamodb:DescribeTable on orders to the connector's"
                + " credentials (or role).");
  }

  @Test
  void aRefusedRoleIsDescribedAsSuch() {
    assertThat(
            AwsErrors.describe(
                "dynamodb:DescribeTable",
                "orders",
                answer("Sts", "AccessDenied", 403, "User x is not authorized")))
        .contains("the role in aws.sts.role.arn could not be assumed")
        .contains("Allow sts:AssumeRole")
        .doesNotContain("Allow dynamodb:");
  }

  @Test
  void theMessageOfABadSignatureIsLeftOutForItsSessionToken() {
    AwsServiceException failure =
        answer("DynamoDb", "InvalidSignatureException", 400, "x-amz-security-token:hunter2");
    assertThat(AwsErrors.describe("dynamodb:DescribeTable", "orders", failure))
        .contains("InvalidSignatureException")
        .doesNotContain("hunter2");
    assertThat(AwsErrors.failure("dynamodb:DescribeTable", "orders", failure))
        .hasNoCause()
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "PointInTimeRecoveryUnavailableException, 400, Turn on point-in-time recovery",
    "InvalidExportTimeException, 400, in a few minutes",
    "ExportConflictException, 400, set another snapshot.id",
    "NoSuchBucket, 404, Check export.s3.bucket and export.s3.region"
  })
  void eachErrorOfAnExportHasAdviceOfItsOwn(String code, int status, String advice) {
    assertThat(AwsErrors.describe("dynamodb:Any", "x", answer("DynamoDb", code, status, "words")))
        .contains(code)
        .contains(advice);
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidExportTimeException, true, false, false",
    "PointInTimeRecoveryUnavailableException, false, true, false",
    "ValidationException, false, false, true",
    "ExportConflictException, false, false, false"
  })
  void refusalsOfExportsAreToldByTheirCodesOnly(
      String code, boolean time, boolean recovery, boolean validation) {
    ConnectException failure =
        AwsErrors.failure(
            "dynamodb:ExportTableToPointInTime",
            "orders",
            answer("DynamoDb", code, 400, "InvalidExportTimeException: words."));
    assertThat(AwsErrors.isInvalidExportTime(failure)).isEqualTo(time);
    assertThat(AwsErrors.isRecoveryUnavailable(failure)).isEqualTo(recovery);
    assertThat(AwsErrors.isValidationError(failure)).isEqualTo(validation);
    assertThat(AwsErrors.said(failure))
        .isEqualTo(code + ": InvalidExportTimeException: words (HTTP 400, request id REQ-1)");
  }

  @Test
  void everyKindOfFailureKeepsItsCauseAndHasAdvice() {
    Exception failure = SdkClientException.create("down", new IOException("refused"));
    assertThat(AwsErrors.failure("s3:GetObject", "bucket/key", failure))
        .hasCause(failure)
        .hasMessageStartingWith("s3:GetObject on bucket/key failed: SdkClientException: down")
        .hasMessageContaining("aws.http.proxy.url");
  }

  @Test
  void anAnswerWithoutDetailsIsDescribedByItsStatus() {
    AwsServiceException failure = AwsServiceException.builder().statusCode(503).build();
    assertThat(AwsErrors.describe("s3:GetObject", "bucket/key", failure))
        .contains("AWS answered (HTTP 503)");
  }

  private static AwsServiceException answer(String service, String code, int status, String words) {
    return (AwsServiceException)
        AwsServiceException.builder()
            .statusCode(status)
            .requestId("REQ-1")
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .serviceName(service)
                    .errorCode(code)
                    .errorMessage(words)
                    .build())
            .build();
  }
}
