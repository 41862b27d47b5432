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
final class JmxOutlet implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(JmxOutlet.class);

  /** A task may start while the one that it takes over from still ends. Guarded by itself. */
  private static final Map<ObjectName, TableMBean> REGISTERED = new HashMap<>();

  @Override
  public Runnable show(Subject subject, TableMetrics metrics) {
    TableMBean bean = new TableMBean(metrics, Metric.of(subject.scope()));
    try {
      ObjectName name = name(subject);
      synchronized (REGISTERED) {
        if (REGISTERED.put(name, bean) != null) {
          server().unregisterMBean(name);
        }
        server().registerMBean(bean, name);
      }
      return () -> hide(name, bean);
    } catch (JMException e) {
      LOG.warn(
          "The metrics of table {} cannot be seen over JMX: {}", subject.table(), e.toString());
      return () -> {};
    }
  }

  private static void hide(ObjectName name, TableMBean bean) {
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

  private static ObjectName name(Subject subject) throws MalformedObjectNameException {
    String task = subject.task();
    return new ObjectName(
        "io.github.dynamokc:type=source,connector=%s,%stable=%s"
            .formatted(
                ObjectName.quote(subject.connector()),
                task == null ? "" : "task=" + ObjectName.quote(task) + ",",
                ObjectName.quote(subject.table())));
  }

  private static MBeanServer server() {
    return ManagementFactory.getPlatformMBeanServer();
  }
}
