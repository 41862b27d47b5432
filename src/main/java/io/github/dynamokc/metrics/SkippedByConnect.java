package io.github.dynamokc.metrics;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records of a task Connect has skipped because a transform or converter failed, as its
 * own metric {@code total-records-skipped} counts them; 0, with a warning, where the worker does
 * not show its metrics over JMX. Thread-safe.
 */
public final class SkippedByConnect implements LongSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(SkippedByConnect.class);

  /** What Kafka does not quote in the name of an MBean. */
  private static final Pattern PLAIN = Pattern.compile("[\\w-%. \t]*");

  private static final String ATTRIBUTE = "total-records-skipped";

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final String name;
  private final AtomicBoolean said = new AtomicBoolean();

  /**
   * @param task the task's number
   */
  public SkippedByConnect(String connector, String task) {
    this.name =
        "kafka.connect:type=task-error-metrics,connector=%s,task=%s"
            .formatted(
                PLAIN.matcher(connector).matches() ? connector : ObjectName.quote(connector), task);
  }

  @Override
  public long getAsLong() {
    try {
      return server.getAttribute(new ObjectName(name), ATTRIBUTE) instanceof Number skipped
          ? skipped.longValue()
          : 0;
    } catch (JMException e) {
      if (!said.getAndSet(true)) {
        LOG.warn(
            "Connect's metric {} of {} is not to be seen over JMX, so that records which a transform or converter fails at cannot be told from those that a transform leaves out, and are not reported. Have the worker show its metrics (metric.reporters with JmxReporter)",
            ATTRIBUTE,
            name,
            e);
      }
      return 0;
    }
  }
}
