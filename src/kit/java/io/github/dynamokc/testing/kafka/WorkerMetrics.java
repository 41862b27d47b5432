package io.github.dynamokc.testing.kafka;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What the connector shows of itself over JMX, in a worker's JVM. */
public final class WorkerMetrics {
  private final long pid;

  private WorkerMetrics(long pid) {
    this.pid = pid;
  }

  public static WorkerMetrics of(long pid) {
    return new WorkerMetrics(pid);
  }

  /** The attributes of a table in the connector's monitor. */
  public Map<String, Object> monitor(String connector, String table) {
    return attributes(
        "io.github.dynamokc:type=source,connector=%s,table=%s"
            .formatted(ObjectName.quote(connector), ObjectName.quote(table)));
  }

  /** The attributes of a table in a task that is there. */
  public Map<String, Object> task(String connector, int task, String table) {
    return ofTask(connector, task, table)
        .orElseThrow(() -> new IllegalStateException("No metrics of task " + task));
  }

  /** The attributes of a table in a task; none while it is not there. */
  public Optional<Map<String, Object>> ofTask(String connector, int task, String table) {
    return find(
        "io.github.dynamokc:type=source,connector=%s,task=\"%d\",table=%s"
            .formatted(ObjectName.quote(connector), task, ObjectName.quote(table)));
  }

  /** What the worker itself shows of a table in a task, as metrics of its plugin. */
  public Map<String, Object> pluginsOfTask(String connector, int task, String table) {
    return attributes(
        "kafka.connect:type=plugins,connector=%s,task=%d,table=%s"
            .formatted(connector, task, table));
  }

  /** What the worker itself shows of a table in the connector, as metrics of its plugin. */
  public Map<String, Object> pluginsOfConnector(String connector, String table) {
    return attributes(
        "kafka.connect:type=plugins,connector=%s,table=%s".formatted(connector, table));
  }

  /** The names of all that the JVM shows. */
  public Set<String> names() {
    try (JMXConnector connector = JMXConnectorFactory.connect(agent())) {
      return connector.getMBeanServerConnection().queryNames(null, null).stream()
          .map(ObjectName::toString)
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> attributes(String name) {
    return find(name).orElseThrow(() -> new IllegalStateException("There is no " + name));
  }

  private Optional<Map<String, Object>> find(String name) {
    try (JMXConnector connector = JMXConnectorFactory.connect(agent())) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      ObjectName bean = new ObjectName(name);
      String[] names =
          Arrays.stream(server.getMBeanInfo(bean).getAttributes())
              .map(MBeanAttributeInfo::getName)
              .toArray(String[]::new);
      Map<String, Object> attributes = new TreeMap<>();
      for (Attribute attribute : server.getAttributes(bean, names).asList()) {
        attributes.put(attribute.getName(), attribute.getValue());
      }
      return Optional.of(attributes);
    } catch (InstanceNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JMException e) {
      throw new IllegalStateException("Cannot read " + name, e);
    }
  }

  /** The agent that a JVM starts when asked to; it listens on loopback only. */
  private JMXServiceURL agent() throws IOException {
    try {
      VirtualMachine jvm = VirtualMachine.attach(Long.toString(pid));
      try {
        return new JMXServiceURL(jvm.startLocalManagementAgent());
      } finally {
        jvm.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IllegalStateException("Cannot attach to JVM " + pid, e);
    }
  }
}
