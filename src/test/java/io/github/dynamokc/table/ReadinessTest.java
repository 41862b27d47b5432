package io.github.dynamokc.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.testing.FakeDynamoDb;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

class ReadinessTest {
  private final FakeDynamoDb dynamoDb =
      new FakeDynamoDb().recoverableSince(Instant.ofEpochSecond(1));

  private @Nullable String obstacle(String mode) throws InterruptedException {
    ConnectorConfig config =
        ConnectorConfig.from(
            Map.of(
                "name", "shop",
                "tables", "orders",
                "export.s3.bucket", "exports",
                "snapshot.mode", mode));
    return Readiness.obstacle(
        dynamoDb,
        new RetryingCalls(
            new Retrier(
                new CountDownLatch(1), InstantSource.system(), () -> 0L, Duration.ofMinutes(10))),
        config.table("orders"));
  }

  @Test
  void nothingIsInTheWayOfATableWithStreamAndRecovery() throws InterruptedException {
    assertThat(obstacle("initial")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "ACTIVE, null",
        "UPDATING, null",
        "CREATING, it is being created",
        "DELETING, it is being deleted",
        "INACCESSIBLE_ENCRYPTION_CREDENTIALS, its KMS key cannot be used",
        "ARCHIVED, 'it is archived, as its KMS key could not be used'"
      })
  void theStateOfATableIsAReason(TableStatus status, @Nullable String reason)
      throws InterruptedException {
    dynamoDb.status(status);
    assertThat(obstacle("initial")).isEqualTo(reason);
  }

  @Test
  void aStreamIsNeededUnlessOnlyItemsAreLoaded() throws InterruptedException {
    dynamoDb.streamDisabled();
    assertThat(obstacle("initial")).isEqualTo("its stream is not enabled");
    assertThat(obstacle("no_data")).isEqualTo("its stream is not enabled");
    assertThat(obstacle("initial_only")).isNull();
    dynamoDb.stream(StreamViewType.KEYS_ONLY);
    assertThat(obstacle("initial")).contains("KEYS_ONLY");
  }

  @Test
  void recoveryIsNeededForASnapshotOnly() throws InterruptedException {
    dynamoDb.recoverableSince(null);
    assertThat(obstacle("initial")).isEqualTo(Readiness.NO_RECOVERY);
    assertThat(obstacle("initial_only")).isEqualTo(Readiness.NO_RECOVERY);
    assertThat(obstacle("no_data")).isNull();
  }

  @Test
  void whoMayNotAskForRecoveryTriesTheExport() throws InterruptedException {
    dynamoDb.recoveryDenied();
    assertThat(obstacle("initial")).isNull();
  }

  @Test
  void anyOtherFailureIsNoReason() {
    dynamoDb.recoveryFails(400, "ValidationException");
    assertThatThrownBy(() -> obstacle("initial")).isInstanceOf(ConnectException.class);
  }

  @Test
  void aTableThatIsGoneIsToldOf() throws InterruptedException {
    dynamoDb.deleted();
    assertThat(obstacle("initial")).isEqualTo("it does not exist");
  }
}
