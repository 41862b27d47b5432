package io.github.dynamokc;

import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.PluginVersion;
import io.github.dynamokc.monitor.ConnectorMonitor;
import io.github.dynamokc.preflight.Preflight;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads DynamoDB tables from point-in-time exports and follows their streams. What Connect calls;
 * the work is in {@link ConnectorMonitor}.
 */
public final class DynamoDbSourceConnector extends SourceConnector {
  private static final Logger LOG = LoggerFactory.getLogger(DynamoDbSourceConnector.class);

  private @Nullable ConnectorMonitor monitor;

  /** Called by Connect's plugin discovery. */
  public DynamoDbSourceConnector() {}

  @Override
  public String version() {
    return PluginVersion.get();
  }

  @Override
  public ConfigDef config() {
    return ConnectorConfig.definition();
  }

  /**
   * A configuration that is good by itself is also checked with AWS, within 10 seconds. How many
   * tables are discovered now is shown as recommended values of the key that discovers them.
   */
  @Override
  public Config validate(Map<String, String> props) {
    Config config = ConnectorConfig.validate(props);
    if (config.configValues().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      warn(props);
      Preflight.report(props).showIn(config.configValues(), props);
    }
    return config;
  }

  /** A validation can only refuse. */
  private static void warn(Map<String, String> props) {
    if (props.get(ConnectorConfig.NAME) != null) {
      ConnectorConfig.from(props)
          .warnings(props)
          .forEach(each -> LOG.warn("{} {}", each.key(), each.message()));
    }
  }

  /**
   * Offsets are committed with the records they are about, and what a task does follows from its
   * config alone. So where the worker has it enabled, each record is delivered exactly once.
   */
  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> props) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  /**
   * Checks offsets that a user wants to set; a null offset takes one away.
   *
   * @throws ConnectException naming what is wrong, if one would not be understood
   */
  @Override
  public boolean alterOffsets(
      Map<String, String> props, Map<Map<String, ?>, Map<String, ?>> offsets) {
    AlterOffsetsValidator.check(ConnectorConfig.from(props), offsets);
    return true;
  }

  /** Returns when there is a first plan, so that {@link #taskConfigs} never has to wait for AWS. */
  @Override
  public void start(Map<String, String> props) {
    warn(props);
    ConnectorConfig.from(props)
        .costs(props)
        .forEach(each -> LOG.info("Costs processor time: {} {}", each.key(), each.message()));
    monitor =
        ConnectorMonitor.start(
            props,
            context().offsetStorageReader(),
            new Host(context(), MetricsSink.ofWorker(context())));
  }

  private record Host(SourceConnectorContext context, MetricsSink metrics)
      implements ConnectorMonitor.Host {
    @Override
    public void requestReconfiguration() {
      context.requestTaskReconfiguration();
    }

    @Override
    public void fail(Exception cause) {
      context.raiseError(cause);
    }
  }

  @Override
  public Class<? extends Task> taskClass() {
    return DynamoDbSourceTask.class;
  }

  /** Called on the herder's tick thread: answers at once. */
  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    ConnectorMonitor started = monitor;
    if (started == null) {
      throw new ConnectException("The connector is not started");
    }
    return started.taskConfigs(maxTasks);
  }

  @Override
  public void stop() {
    ConnectorMonitor started = monitor;
    monitor = null;
    if (started != null) {
      started.close();
    }
  }
}
