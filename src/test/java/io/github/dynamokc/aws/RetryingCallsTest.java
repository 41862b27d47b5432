package io.github.dynamokc.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Which failures of a call are waited out, and which end it at once. */
class RetryingCallsTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final RetryingCalls calls =
      new RetryingCalls(new Retrier(new ImpatientLatch(), clock, () -> 0L, Duration.ofMinutes(10)));
  private final Queue<RuntimeException> failures = new ArrayDeque<>();
  private int asked;

  @ParameterizedTest
  @CsvSource({"400, ThrottlingException", "500, InternalServerError", "503, SlowDown"})
  void aFailureOfTheMomentIsWaitedOut(int status, String code) throws InterruptedException {
    fail(status, code);
    fail(status, code);

    assertThat(call("orders")).isEqualTo("answer");
    assertThat(asked).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AccessDeniedException",
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "ResourceNotFoundException"
      })
  void aFirstCallThatIsRefusedFailsAtOnce(String code) {
    fail(400, code);

    assertThatThrownBy(() -> call("orders"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("dynamodb:DescribeTable on orders failed: " + code);
    assertThat(asked).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AccessDeniedException",
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "ResourceNotFoundException"
      })
  void aCallThatWorkedBeforeMayBeRefusedForAWhile(String code) throws InterruptedException {
    call("orders");
    fail(400, code);
    fail(400, code);

    assertThat(call("orders")).isEqualTo("answer");
    assertThat(asked).isEqualTo(4);
  }

  @Test
  void missingCredentialsAreWaitedForOnceThereWereSome() throws InterruptedException {
    call("orders");
    failures.add(SdkClientException.create("Unable to load credentials"));

    assertThat(call("orders")).isEqualTo("answer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ExpiredTokenException", "UnrecognizedClientException"})
  void credentialsThatWorkedForOneCallWorkedForAll(String code) throws InterruptedException {
    call("orders");
    fail(400, code);

    assertThat(call("another")).isEqualTo("answer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDeniedException", "ResourceNotFoundException"})
  void accessToOneTableSaysNothingOfAnother(String code) throws InterruptedException {
    call("orders");
    fail(400, code);

    assertThatThrownBy(() -> call("another")).isInstanceOf(ConnectException.class);
  }

  @Test
  void aRefusalThatLastsFailsInTheEnd() throws InterruptedException {
    call("orders");
    for (int minute = 0; minute < 20; minute++) {
      fail(400, "AccessDeniedException");
    }

    assertThatThrownBy(() -> call("orders"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("stall.timeout.ms=600000")
        .hasMessageContaining("Allow dynamodb:DescribeTable on orders");
  }

  /** What AWS says of a signature quotes the signed request, and the status shows all causes. */
  @Test
  void aBadSignatureThatLastsIsNotQuotedByTheFailure() throws InterruptedException {
    call("orders");
    for (int minute = 0; minute < 20; minute++) {
      fail(400, "InvalidSignatureException");
    }

    assertThatThrownBy(() -> call("orders"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("stall.timeout.ms=600000")
        .hasMessageContaining("InvalidSignatureException")
        .hasNoCause();
  }

  /** S3 is consistent: an object that it says is not there is not there. */
  @ParameterizedTest
  @ValueSource(strings = {"NoSuchKey", "NoSuchBucket"})
  void anObjectThatIsGoneIsNotWaitedFor(String code) throws InterruptedException {
    call("orders");
    fail(404, code);

    assertThatThrownBy(() -> call("orders")).isInstanceOf(ConnectException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ValidationException", "PreconditionFailed"})
  void aBadRequestIsNotRepeated(String code) throws InterruptedException {
    call("orders");
    fail(400, code);

    assertThatThrownBy(() -> call("orders")).isInstanceOf(ConnectException.class);
  }

  private String call(String table) throws InterruptedException {
    return calls.call(
        "dynamodb:DescribeTable",
        table,
        () -> {
          asked++;
          RuntimeException failure = failures.poll();
          if (failure != null) {
            clock.advance(Duration.ofMinutes(1));
            throw failure;
          }
          return "answer";
        });
  }

  /** One of the next calls, which takes a minute, fails so. */
  private void fail(int status, String code) {
    failures.add(
        DynamoDbException.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .serviceName("DynamoDb")
                    .errorCode(code)
                    .errorMessage(code + " said")
                    .build())
            .build());
  }
}
