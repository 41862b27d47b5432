package io.github.dynamokc.metrics;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows numbers as the MBean {@code
 * io.github.dynamokc:type=source,connector="..",task="..",table=".."}; that of the connector's
 * monitor has no {@code task}.
 */
final class JmxSink implements MetricsSink {
  private static final Logger LOG = LoggerFactory.getLogger(JmxSink.class);

  /** A task may start while the one that it takes over from still ends. Guarded by itself. */
  private static final Map<ObjectName, TableMBean> REGISTERED = new HashMap<>();

  @Override
  public Runnable bind(MetricTags tags, TableMetrics metrics) {
    TableMBean bean = new TableMBean(metrics, Metric.of(tags.scope()));
    try {
      ObjectName name = name(tags);
      synchronized (REGISTERED) {
        if (REGISTERED.put(name, bean) != null) {
          server().unregisterMBean(name);
        }
        server().registerMBean(bean, name);
      }
      return () -> unbind(name, bean);
    } catch (JMException e) {
      LOG.warn("The metrics of table {} cannot be seen over JMX: {}", tags.table(), e.toString());
      return () -> {};
    }
  }

  private static void unbind(ObjectName name, TableMBean bean) {
    synchronized (REGISTERED) {
      if (REGISTERED.remove(name, bean)) {
        try {
          server().unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
          LOG.debug("{} is gone already", name);
        } catch (JMException e) {
          LOG.warn("{} cannot be taken out of JMX: {}", name, e.toString());
        }
      }
    }
  }

  private static ObjectName name(MetricTags tags) throws MalformedObjectNameException {
    String task = tags.task();
    return new ObjectName(
        "io.github.dynamokc:type=source,connector=%s,%stable=%s"
            .formatted(
                ObjectName.quote(tags.connector()),
                task == null ? "" : "task=" + ObjectName.quote(task) + ",",
                ObjectName.quote(tags.table())));
  }

  private static MBeanServer server() {
    return ManagementFactory.getPlatformMBeanServer();
  }
}
