package io.github.dynamokc.monitor;

import static io.github.dynamokc.testing.OrdersWorld.EXPORT;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.ObservedFile;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.testing.FakeDynamoDb;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.HeardLog;
import io.github.dynamokc.testing.OrdersWorld;
import java.time.Duration;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Which attempt of an export is due, when none is left, and what is loaded of its files. */
class SnapshotObserverTest {
  private final OrdersWorld world = new OrdersWorld();
  private final TableMetrics metrics = TableMetrics.unregistered();

  @Test
  void aRunningExportKeepsItsAttempt() throws InterruptedException {
    assertThat(observer().observe(OrdersWorld.export(2)))
        .isEqualTo(new ObservedTable.Preparing(TABLE, 2));
  }

  @Test
  void aFailedExportMakesTheNextAttemptDueAndCountsOnce() throws InterruptedException {
    SnapshotObserver observer = observer();
    observer.observe(OrdersWorld.export(1));
    world.exportFailed("S3AccessDenied", "no PutObject");
    try (HeardLog log = new HeardLog()) {
      for (int look = 0; look < 3; look++) {
        assertThat(observer.observe(OrdersWorld.export(1)))
            .isEqualTo(new ObservedTable.Preparing(TABLE, 2));
      }
      assertThat(log.lines("(attempt 1) failed: S3AccessDenied: no PutObject")).isEqualTo(1);
    }
    assertThat(metrics.count(Counter.EXPORT_JOB_FAILURE)).isEqualTo(1);
    observer.observe(OrdersWorld.export(2));

    assertThat(metrics.count(Counter.EXPORT_JOB_FAILURE)).isEqualTo(2);
    assertThat(metrics.count(Counter.EXPORT_JOB_SUCCESS)).isZero();
  }

  @Test
  void theLastAttemptFailsWithDynamoDbsReason() throws InterruptedException {
    world.set("export.max.attempts", "2");
    SnapshotObserver observer = observer();
    observer.firstAttempt(0);
    world.exportFailed("S3AccessDenied", "no PutObject");
    assertThat(observer.observe(OrdersWorld.export(1)))
        .isEqualTo(new ObservedTable.Preparing(TABLE, 2));

    assertFails(
        observer,
        2,
        EXPORT,
        "table orders (attempt 2) failed: S3AccessDenied: no PutObject",
        "No attempt is left; remove the cause and restart the connector");
    assertThat(metrics.count(Counter.EXPORT_JOB_FAILURE)).isEqualTo(2);
  }

  @Test
  void aStartAfterAFailureGrantsAllAttemptsAnew() throws InterruptedException {
    world.set("export.max.attempts", "2");
    world.exportFailed("S3AccessDenied", "no PutObject");
    SnapshotObserver observer = observer();
    assertThat(observer.observe(OrdersWorld.export(5)))
        .isEqualTo(new ObservedTable.Preparing(TABLE, 6));
    assertThat(observer.observe(OrdersWorld.export(6)))
        .isEqualTo(new ObservedTable.Preparing(TABLE, 7));

    assertFails(observer, 7, "attempt 7", "No attempt is left");
  }

  @Test
  void aStartDuringAnExportCountsThatAsTheFirstOfAllAttempts() throws InterruptedException {
    world.set("export.max.attempts", "2");
    SnapshotObserver observer = observer();
    observer.observe(OrdersWorld.export(5));
    world.exportFailed("S3AccessDenied", "no PutObject");
    assertThat(observer.observe(OrdersWorld.export(5)))
        .isEqualTo(new ObservedTable.Preparing(TABLE, 6));

    assertFails(observer, 6, "attempt 6", "No attempt is left");
  }

  @Test
  void aSingleAttemptFailsAtOnce() throws InterruptedException {
    world.set("export.max.attempts", "1");
    SnapshotObserver observer = observer();
    observer.observe(OrdersWorld.export(1));
    world.exportFailed("UnknownError", "of DynamoDB");

    assertFails(observer, 1, "attempt 1", "UnknownError: of DynamoDB", "No attempt is left");
  }

  @Test
  void aGivenExportThatFailedIsNotMadeAnew() {
    world.set("export.s3.bucket", null).set("export.arn", EXPORT);
    world.exportFailed("S3NoSuchBucket", "gone");

    assertFails(observer(), 1, EXPORT, "S3NoSuchBucket: gone", "given by export.arn");
  }

  @Test
  void aCompletedExportShowsItsFilesWithWhatIsCommitted() throws InterruptedException {
    world.exportCompleted(3, 2, 0, 4);
    world.commitFile(0, 3, true);
    world.commitFile(1, 1, false);

    assertThat(observer().observe(OrdersWorld.export(1)))
        .isInstanceOfSatisfying(
            ObservedTable.Loading.class,
            loading -> {
              assertThat(loading.export())
                  .isEqualTo(
                      new ExportFiles(
                          EXPORT,
                          FakeDynamoDb.EXPORT_TIME.toEpochMilli(),
                          FakeS3.BUCKET,
                          OrdersWorld.MANIFEST_FILES));
              assertThat(loading.files())
                  .containsExactly(
                      new ObservedFile(3, 3, true),
                      new ObservedFile(2, 1, false),
                      new ObservedFile(0, 0, false),
                      new ObservedFile(4, 0, false));
              assertThat(loading.done()).isFalse();
            });
    assertThat(metrics.count(Counter.EXPORT_S3_OBJECTS_TOTAL)).isEqualTo(3);
    assertThat(metrics.count(Counter.EXPORT_S3_OBJECTS_PROCESSED)).isEqualTo(1);
    assertThat(metrics.count(Counter.EXPORT_RECORDS_TOTAL)).isEqualTo(9);
    assertThat(metrics.count(Counter.EXPORT_RECORDS_PROCESSED)).isEqualTo(4);
  }

  @Test
  void aCompletedExportIsCountedAndItsManifestReadOnce() throws InterruptedException {
    world.exportCompleted(1);
    SnapshotObserver observer = observer();
    observer.observe(OrdersWorld.export(1));
    int reads = world.s3.requests().size();
    assertThat(reads).isPositive();
    world.commitFile(0, 1, true);

    assertThat(((ObservedTable.Loading) observer.observe(OrdersWorld.export(1))).done()).isTrue();
    assertThat(world.s3.requests()).hasSize(reads);
    assertThat(metrics.count(Counter.EXPORT_JOB_SUCCESS)).isEqualTo(1);
    assertThat(metrics.count(Counter.EXPORT_JOB_FAILURE)).isZero();
  }

  @Test
  void anExportIsAskedForUntilDynamoDbAnswers() throws InterruptedException {
    int[] errors = {2};
    world.dynamoDb.describing(
        export -> {
          if (errors[0]-- > 0) {
            throw DynamoDbException.builder().statusCode(500).build();
          }
          return export;
        });

    assertThat(observer().observe(OrdersWorld.export(1)))
        .isEqualTo(new ObservedTable.Preparing(TABLE, 1));
    assertThat(world.dynamoDb.described()).isEqualTo(3);
  }

  @Test
  void aRunningExportThatTakesTooLongFailsOnlyIfLossIsNotTolerated() throws InterruptedException {
    world.clock.advance(Duration.ofHours(24));
    assertFails(observer(), 1, "Table orders", "24 hours");
    world.set("stream.on.data.loss", "continue");

    assertThat(observer().observe(OrdersWorld.export(1)))
        .isEqualTo(new ObservedTable.Preparing(TABLE, 1));
  }

  private SnapshotObserver observer() {
    return new SnapshotObserver(world.table(), Observers.context(world, metrics));
  }

  private static void assertFails(SnapshotObserver observer, long attempt, String... says) {
    assertThatThrownBy(() -> observer.observe(OrdersWorld.export(attempt)))
        .isInstanceOf(ConnectException.class)
        .message()
        .contains(says);
  }
}
