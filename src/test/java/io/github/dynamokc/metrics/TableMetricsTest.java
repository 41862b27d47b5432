package io.github.dynamokc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class TableMetricsTest {
  private static final String NAME =
      "io.github.dynamokc:type=source,connector=\"my:orders\",task=\"0\",table=\"orders\"";

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  @Test
  void countersAreAttributesWithTheirExactNamesAndDescriptions() throws Exception {
    ObjectName name = new ObjectName(NAME);
    try (TableMetrics metrics = TableMetrics.register("my:orders", "0", "orders")) {
      metrics.add(Counter.DATA_LOSS_EVENTS, 2);
      metrics.add(Counter.DATA_LOSS_EVENTS, 1);

      assertThat(server.getAttribute(name, "dataLossEvents")).isEqualTo(3L);
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
              "activeExportS3ObjectConsumers",
              "bytesReceived",
              "bytesProcessed",
              "exportApiInvocations",
              "export4xxErrors",
              "export5xxErrors",
              "changeEventsProcessed",
              "eventsSkippedBeforeStart",
              "eventsSkippedByOperation",
              "removalsWithoutOldImage",
              "changeEventsProcessingErrors",
              "dataLossEvents",
              "streamApiInvocations",
              "stream4xxErrors",
              "stream5xxErrors");
      assertThat(Arrays.stream(server.getMBeanInfo(name).getAttributes()))
          .noneMatch(attribute -> attribute.getDescription().isBlank());
    }
    assertThat(server.isRegistered(name)).isFalse();
  }

  @Test
  void aTaskThatTakesOverIsSeenAndTheEndOfTheOtherDoesNotHideIt() throws Exception {
    ObjectName name = new ObjectName(NAME);
    TableMetrics old = TableMetrics.register("my:orders", "0", "orders");
    try (TableMetrics next = TableMetrics.register("my:orders", "0", "orders")) {
      next.add(Counter.CHANGE_EVENTS_PROCESSED, 7);
      old.close();

      assertThat(server.getAttribute(name, "changeEventsProcessed")).isEqualTo(7L);
    }
    assertThat(server.isRegistered(name)).isFalse();
  }
}
