package io.github.dynamokc.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.delivery.InFlightRecords;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.record.StatusRecords;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.testing.ManualClock;
import io.github.dynamokc.testing.RecordForms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test's thread is the task's, and the watching one is real. */
@Timeout(60)
class DeliveryGuardTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00.500Z");
  private static final Duration SHORT = Duration.ofMillis(40);
  private static final Duration LONG = Duration.ofHours(1);

  private final ManualClock clock = new ManualClock(NOW);
  private final RecordQueue queue = new RecordQueue(Long.MAX_VALUE);
  private final CountDownLatch stopped = new CountDownLatch(1);

  @AfterEach
  void stop() {
    stopped.countDown();
  }

  private DeliveryGuard watching(Duration shard, boolean holds) {
    return watching(shard, holds, System::nanoTime);
  }

  private DeliveryGuard watching(Duration shard, boolean holds, LongSupplier nanoTime) {
    DeliveryGuard guard =
        new DeliveryGuard(
            new DeliveryLimits(
                new DeliveryLimits.Limit("shard.acknowledgment.timeout.ms", shard),
                new DeliveryLimits.Limit("s3.data.file.acknowledgment.timeout.ms", LONG),
                false,
                holds),
            new InFlightRecords(nanoTime),
            queue,
            () -> NOW);
    Thread thread =
        new Thread(
            () -> {
              try {
                guard.run(stopped);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return guard;
  }

  private void putRecords(int count) throws InterruptedException {
    StatusRecords status =
        new StatusRecords("status", RecordForms.status(), () -> NOW, cause -> {});
    List<TrackedRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          status.record(
              StatusType.TABLE_REGISTERED,
              new SourcePartition.OfTable("orders"),
              new TableOffset.Registered(
                  new Registration(
                      "id",
                      "arn",
                      "stream",
                      "pk",
                      null,
                      new Registration.Start(false, 0, false),
                      null))));
    }
    queue.put(records);
  }

  @Test
  void aPolledTaskFailsNamingTheStuckRecords() throws Exception {
    putRecords(2);
    DeliveryGuard guard = watching(SHORT, true);
    assertThat(guard.poll(10, Duration.ZERO)).hasSize(2);
    assertThatThrownBy(() -> pollUntilItFails(guard))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith(
            "Table orders: Kafka has not acknowledged 2 records since 2026-11-25T12:00:0")
        .hasMessageContaining("longer than shard.acknowledgment.timeout.ms=40");
  }

  @Test
  void aProducerThatBlocksTheTasksThreadIsInterrupted() throws Exception {
    putRecords(1);
    DeliveryGuard guard = watching(SHORT, true);
    guard.poll(10, Duration.ZERO);
    KafkaProducer<byte[], byte[]> producer = producerWithoutKafka();
    assertThatThrownBy(() -> producer.send(new ProducerRecord<>("orders", new byte[1])))
        .isInstanceOf(InterruptException.class);
    assertThat(Thread.interrupted()).as("what the producer leaves").isTrue();
    guard.stopping();
    producer.close(Duration.ZERO);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> guard.poll(10, Duration.ZERO))
        .as("an interrupt that came too late")
        .hasMessageContaining("has not acknowledged");
    assertThat(Thread.interrupted()).isFalse();
  }

  /** As Connect makes it: it waits for ever. */
  private static KafkaProducer<byte[], byte[]> producerWithoutKafka() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            "127.0.0.1:1",
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            Long.MAX_VALUE),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  @Test
  void aTaskWhoseRecordsAreAcknowledgedGoesOn() throws Exception {
    DeliveryGuard guard = watching(Duration.ofSeconds(2), true, clock::nanoTime);
    for (int i = 0; i < 50; i++) {
      putRecords(1);
      for (SourceRecord record : guard.poll(1, LONG)) {
        clock.advance(Duration.ofSeconds(1));
        guard.settled((TrackedRecord) record);
      }
    }
    assertThat(guard.poll(1, Duration.ZERO)).isEmpty();
  }

  @Test
  void recordsAreHandedOverOnlyWhileTheProducerHasRoom() throws Exception {
    putRecords(10_000);
    DeliveryGuard guard = watching(LONG, true, clock::nanoTime);
    List<SourceRecord> handedOver = new ArrayList<>();
    List<SourceRecord> polled = guard.poll(2_000, Duration.ZERO);
    while (!polled.isEmpty()) {
      handedOver.addAll(polled);
      polled = guard.poll(2_000, Duration.ZERO);
    }
    assertThat(bytes(handedOver)).isBetween(8L << 20, (8L << 20) + 10_000);
    guard.settled((TrackedRecord) handedOver.get(0));
    assertThat(guard.poll(2_000, Duration.ZERO)).hasSize(1);
  }

  @Test
  void noRecordIsHandedOverWhileEarlierOnesWait() throws Exception {
    putRecords(2);
    DeliveryGuard guard = watching(LONG, true, clock::nanoTime);
    SourceRecord first = guard.poll(1, Duration.ZERO).get(0);
    clock.advance(Duration.ofSeconds(1));
    assertThat(guard.poll(1, Duration.ZERO)).isEmpty();
    guard.settled((TrackedRecord) first);
    assertThat(guard.poll(1, Duration.ZERO)).hasSize(1);
  }

  @Test
  void aFailureIsReportedWhileThereIsNoRoom() throws Exception {
    putRecords(10_000);
    DeliveryGuard guard = watching(LONG, true);
    guard.poll(10_000, Duration.ZERO);
    ConnectException failure = new ConnectException("Something else");
    queue.fail(failure);
    assertThatThrownBy(() -> guard.poll(1, Duration.ZERO)).isSameAs(failure);
  }

  @Test
  void aTransactionOfManyPollsMayHoldAllRecords() throws Exception {
    putRecords(10_000);
    DeliveryGuard guard = watching(LONG, false);
    assertThat(guard.poll(10_000, Duration.ZERO)).hasSize(10_000);
  }

  private static long bytes(List<SourceRecord> records) {
    return records.stream().mapToLong(record -> ((TrackedRecord) record).bytes()).sum();
  }

  private static void pollUntilItFails(DeliveryGuard guard) throws InterruptedException {
    while (true) {
      guard.poll(10, Duration.ofMillis(20));
    }
  }
}
