package io.github.dynamokc.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** When a snapshot is too late for the stream that is to follow it. */
class RetentionWatchTest {
  private static final Instant EXPORTED = Instant.parse("2026-11-01T12:00:00Z");

  private final ManualClock clock = new ManualClock(EXPORTED);
  private final Map<String, String> config = new HashMap<>();
  private final TableMetrics metrics = TableMetrics.unregistered();

  RetentionWatchTest() {
    config.put("name", "orders-source");
    config.put("tables", "orders");
    config.put("export.s3.bucket", "exports");
  }

  @Test
  void aSnapshotThatOutlastsItsChangesInTheStreamFails() {
    RetentionWatch watch = watch();
    clock.advance(Duration.ofHours(23).plusMinutes(55));
    assertThatCode(() -> watch.check(EXPORTED.toEpochMilli())).doesNotThrowAnyException();
    clock.advance(Duration.ofMillis(1));

    assertThatThrownBy(() -> watch.check(EXPORTED.toEpochMilli()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Table orders")
        .hasMessageContaining("2026-11-01T11:55:00Z")
        .hasMessageContaining("snapshot.id")
        .hasMessageContaining("stream.on.data.loss=continue");
    assertThat(metrics.count(Counter.DATA_LOSS_EVENTS)).isEqualTo(1);
  }

  @Test
  void theTimeLeftCountsDownUntilTheStreamIsRead() {
    config.put("stream.on.data.loss", "continue");
    RetentionWatch watch = watch();
    assertThat(millisUntilDataLoss()).isEqualTo(-1);
    watch.check(EXPORTED.toEpochMilli());
    assertThat(millisUntilDataLoss()).isEqualTo(Duration.ofHours(23).plusMinutes(55).toMillis());
    clock.advance(Duration.ofHours(20));
    assertThat(millisUntilDataLoss()).isEqualTo(Duration.ofHours(3).plusMinutes(55).toMillis());
    clock.advance(Duration.ofHours(20));
    assertThat(millisUntilDataLoss()).isZero();
    watch.over();

    assertThat(millisUntilDataLoss()).isEqualTo(-1);
  }

  @Test
  void aTableWithToleratedLossLoadsOn() {
    config.put("stream.on.data.loss", "continue");
    RetentionWatch watch = watch();
    clock.advance(Duration.ofHours(40));

    assertThatCode(() -> watch.check(EXPORTED.toEpochMilli())).doesNotThrowAnyException();
  }

  @Test
  void aTableWithoutAStreamHasUnlimitedTime() {
    config.put("snapshot.mode", "initial_only");
    RetentionWatch watch = watch();
    clock.advance(Duration.ofDays(40));

    assertThatCode(() -> watch.check(EXPORTED.toEpochMilli())).doesNotThrowAnyException();
    assertThat(millisUntilDataLoss()).isEqualTo(-1);
  }

  private long millisUntilDataLoss() {
    return metrics.value(Gauge.MILLIS_UNTIL_DATA_LOSS);
  }

  private RetentionWatch watch() {
    return new RetentionWatch(ConnectorConfig.from(config).table("orders"), metrics, clock);
  }
}
