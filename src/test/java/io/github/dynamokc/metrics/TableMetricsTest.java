package io.github.dynamokc.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.ManualClock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class TableMetricsTest {
  private static final MetricTags TASK = MetricTags.ofTask("my:orders", "0", "orders");
  private static final MetricTags CONNECTOR = MetricTags.ofConnector("my:orders", "orders");
  private static final String TASK_NAME =
      "io.github.dynamokc:type=source,connector=\"my:orders\",task=\"0\",table=\"orders\"";
  private static final String CONNECTOR_NAME =
      "io.github.dynamokc:type=source,connector=\"my:orders\",table=\"orders\"";

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  @Test
  void theMetricsOfATaskHaveTheirExactNamesAndDescriptions() throws Exception {
    ObjectName name = new ObjectName(TASK_NAME);
    try (TableMetrics metrics = TableMetrics.register(TASK, MetricsSink.NONE)) {
      metrics.add(Counter.DATA_LOSS_EVENTS, 2);
      metrics.add(Counter.DATA_LOSS_EVENTS, 1);

      assertThat(server.getAttribute(name, "dataLossEvents")).isEqualTo(3L);
      assertThat(server.getMBeanInfo(name).getAttributes())
          .extracting(MBeanAttributeInfo::getName)
          .containsExactly(
              "exportS3ObjectsTotal",
              "exportS3ObjectsProcessed",
              "exportRecordsTotal",
              "exportRecordsProcessed",
              "exportRecordProcessingErrors",
              "bytesReceived",
              "bytesProcessed",
              "exportApiInvocations",
              "export4xxErrors",
              "export5xxErrors",
              "changeEventsProcessed",
              "changeEventsProcessingErrors",
              "eventsSkippedBeforeStart",
              "eventsSkippedByOperation",
              "removalsWithoutOldImage",
              "shardProgress",
              "dataLossEvents",
              "streamApiInvocations",
              "stream4xxErrors",
              "stream5xxErrors",
              "activeExportS3ObjectConsumers",
              "activeShardsInProcessing",
              "millisBehindLatest",
              "millisUntilDataLoss",
              "millisSinceLastEvent",
              "queueBytes",
              "queueBytesMax",
              "tableFailed",
              "tableSkipped",
              "unacknowledgedRecords",
              "version");
      assertThat(Arrays.stream(server.getMBeanInfo(name).getAttributes()))
          .noneMatch(attribute -> attribute.getDescription().isBlank());
    }
    assertThat(server.isRegistered(name)).isFalse();
  }

  @Test
  void theMetricsOfTheConnectorAreThoseOfTheWholeTable() throws Exception {
    ObjectName name = new ObjectName(CONNECTOR_NAME);
    try (TableMetrics metrics = TableMetrics.register(CONNECTOR, MetricsSink.NONE)) {
      metrics.set(Gauge.TOTAL_OPEN_SHARDS, 7);
      metrics.set(Gauge.TOTAL_OPEN_SHARDS, 4);

      assertThat(server.getAttribute(name, "totalOpenShards")).isEqualTo(4L);
      assertThat(server.getMBeanInfo(name).getAttributes())
          .extracting(MBeanAttributeInfo::getName)
          .containsExactly(
              "exportJobSuccess",
              "exportJobFailure",
              "exportS3ObjectsTotal",
              "exportS3ObjectsProcessed",
              "exportRecordsTotal",
              "exportRecordsProcessed",
              "exportRecordProcessingErrors",
              "bytesReceived",
              "bytesProcessed",
              "exportApiInvocations",
              "export4xxErrors",
              "export5xxErrors",
              "changeEventsProcessed",
              "changeEventsProcessingErrors",
              "eventsSkippedBeforeStart",
              "eventsSkippedByOperation",
              "removalsWithoutOldImage",
              "dataLossEvents",
              "gapsRepaired",
              "repairItems",
              "streamApiInvocations",
              "stream4xxErrors",
              "stream5xxErrors",
              "totalOpenShards",
              "phase",
              "phaseMillis",
              "millisUntilDataLoss",
              "tableFailed",
              "version");
    }
    assertThat(server.isRegistered(name)).isFalse();
  }

  @Test
  void aGaugeIsEvaluatedAtEachRead() throws Exception {
    ObjectName name = new ObjectName(TASK_NAME);
    AtomicLong behind = new AtomicLong(5);
    try (TableMetrics metrics = TableMetrics.register(TASK, MetricsSink.NONE)) {
      assertThat(server.getAttribute(name, "millisBehindLatest")).isEqualTo(-1L);
      metrics.bind(Gauge.MILLIS_BEHIND_LATEST, behind::get);
      assertThat(server.getAttribute(name, "millisBehindLatest")).isEqualTo(5L);
      behind.set(3);
      assertThat(server.getAttributes(name, new String[] {"millisBehindLatest", "none"}))
          .containsExactly(new Attribute("millisBehindLatest", 3L));
      metrics.unbind(Gauge.MILLIS_BEHIND_LATEST);
      assertThat(server.getAttribute(name, "millisBehindLatest")).isEqualTo(-1L);
    }
  }

  @Test
  void theVersionIsAnAttribute() throws Exception {
    ObjectName name = new ObjectName(TASK_NAME);
    try (TableMetrics metrics = TableMetrics.register(TASK, MetricsSink.NONE)) {
      assertThat(metrics.count(Counter.BYTES_RECEIVED)).isZero();
      assertThat(server.getAttribute(name, "version")).isEqualTo(PluginVersion.get());
      assertThat(server.getAttributes(name, new String[] {"version"}))
          .containsExactly(new Attribute("version", PluginVersion.get()));
    }
  }

  @Test
  void whatOthersCountedIsShownBesidesButNotCountedHere() throws Exception {
    ObjectName name = new ObjectName(CONNECTOR_NAME);
    TableMetrics metrics = TableMetrics.unregistered();
    metrics.carry(Counter.DATA_LOSS_EVENTS, 5);
    metrics.carry(Counter.DATA_LOSS_EVENTS, 7);
    metrics.add(Counter.DATA_LOSS_EVENTS, 2);
    assertThat(server.isRegistered(name)).as("before it is to be seen").isFalse();
    metrics.show(CONNECTOR, MetricsSink.NONE);

    assertThat(server.getAttribute(name, "dataLossEvents")).isEqualTo(9L);
    assertThat(metrics.count(Counter.DATA_LOSS_EVENTS)).isEqualTo(2);
    metrics.close();
    metrics.show(CONNECTOR, MetricsSink.NONE);
    assertThat(server.isRegistered(name)).as("after the end").isFalse();
  }

  @Test
  void howLongSomethingIsAgoGrowsUntilItHappensAgain() {
    ManualClock clock = new ManualClock(Instant.EPOCH);
    TableMetrics metrics = TableMetrics.unregistered();
    assertThat(metrics.value(Gauge.MILLIS_SINCE_LAST_EVENT)).isEqualTo(-1);
    metrics.happened(Gauge.MILLIS_SINCE_LAST_EVENT, clock);
    clock.advance(Duration.ofSeconds(5));
    assertThat(metrics.value(Gauge.MILLIS_SINCE_LAST_EVENT)).isEqualTo(5000);
    metrics.happened(Gauge.MILLIS_SINCE_LAST_EVENT, clock);
    assertThat(metrics.value(Gauge.MILLIS_SINCE_LAST_EVENT)).isZero();
    clock.advance(Duration.ofSeconds(-5));
    assertThat(metrics.value(Gauge.MILLIS_SINCE_LAST_EVENT)).as("a clock set back").isZero();
  }

  @Test
  void nothingCanBeSetOverJmx() throws Exception {
    ObjectName name = new ObjectName(TASK_NAME);
    try (TableMetrics metrics = TableMetrics.register(TASK, MetricsSink.NONE)) {
      metrics.adjust(Gauge.UNACKNOWLEDGED_RECORDS, 2);

      assertThatThrownBy(
              () -> server.setAttribute(name, new Attribute("unacknowledgedRecords", 0L)))
          .isInstanceOf(AttributeNotFoundException.class);
      assertThat(server.getAttribute(name, "unacknowledgedRecords")).isEqualTo(2L);
      assertThatThrownBy(() -> server.getAttribute(name, "totalOpenShards"))
          .isInstanceOf(AttributeNotFoundException.class);
    }
  }

  @Test
  void aTaskThatTakesOverStaysVisibleAfterTheOthersEnd() throws Exception {
    ObjectName name = new ObjectName(TASK_NAME);
    TableMetrics old = TableMetrics.register(TASK, MetricsSink.NONE);
    try (TableMetrics next = TableMetrics.register(TASK, MetricsSink.NONE)) {
      next.add(Counter.CHANGE_EVENTS_PROCESSED, 7);
      old.close();

      assertThat(server.getAttribute(name, "changeEventsProcessed")).isEqualTo(7L);
    }
    assertThat(server.isRegistered(name)).isFalse();
  }
}
