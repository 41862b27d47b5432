package io.github.dynamokc.metrics;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counters of one table in one task, or in the connector's monitor, as the MBean {@code
 * io.github.dynamokc:type=source,connector="..",task="..",table=".."}; the monitor's has no {@code
 * task}. Thread-safe.
 */
public final class TableMetrics implements DynamicMBean, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableMetrics.class);

  /** A task may start while the one that it takes over from still ends. Guarded by itself. */
  private static final Map<ObjectName, TableMetrics> REGISTERED = new HashMap<>();

  private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
  private @Nullable ObjectName name;

  private TableMetrics() {
    for (Counter counter : Counter.values()) {
      counters.put(counter, new LongAdder());
    }
  }

  /** Counters that nobody sees. */
  public static TableMetrics unregistered() {
    return new TableMetrics();
  }

  /**
   * Counters that are an MBean until they are closed. What JMX does not take is logged and changes
   * nothing else.
   *
   * @param task the task's number, null for the monitor
   */
  public static TableMetrics register(String connector, @Nullable String task, String table) {
    TableMetrics metrics = new TableMetrics();
    try {
      ObjectName name =
          new ObjectName(
              "io.github.dynamokc:type=source,connector=%s,%stable=%s"
                  .formatted(
                      ObjectName.quote(connector),
                      task == null ? "" : "task=" + ObjectName.quote(task) + ",",
                      ObjectName.quote(table)));
      synchronized (REGISTERED) {
        if (REGISTERED.put(name, metrics) != null) {
          server().unregisterMBean(name);
        }
        server().registerMBean(metrics, name);
      }
      metrics.name = name;
    } catch (JMException e) {
      LOG.warn("The metrics of table {} cannot be seen over JMX: {}", table, e.toString());
    }
    return metrics;
  }

  /**
   * @param count negative to count down what is a number of things at a time
   */
  public void add(Counter counter, long count) {
    counter(counter).add(count);
  }

  public long count(Counter counter) {
    return counter(counter).sum();
  }

  private LongAdder counter(Counter counter) {
    LongAdder found = counters.get(counter);
    if (found == null) {
      throw new IllegalStateException("Every counter has its place");
    }
    return found;
  }

  @Override
  public void close() {
    ObjectName registered = name;
    if (registered == null) {
      return;
    }
    synchronized (REGISTERED) {
      if (REGISTERED.remove(registered, this)) {
        try {
          server().unregisterMBean(registered);
        } catch (InstanceNotFoundException e) {
          LOG.debug("{} is gone already", registered);
        } catch (JMException e) {
          LOG.warn("{} cannot be taken out of JMX: {}", registered, e.toString());
        }
      }
    }
  }

  private static MBeanServer server() {
    return ManagementFactory.getPlatformMBeanServer();
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    for (Counter counter : Counter.values()) {
      if (counter.attribute().equals(attribute)) {
        return count(counter);
      }
    }
    throw new AttributeNotFoundException(attribute);
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    AttributeList values = new AttributeList();
    for (Counter counter : Counter.values()) {
      if (Arrays.asList(attributes).contains(counter.attribute())) {
        values.add(new Attribute(counter.attribute(), count(counter)));
      }
    }
    return values;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public @Nullable Object invoke(String action, Object[] arguments, String[] signature) {
    throw new UnsupportedOperationException(action);
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanAttributeInfo[] attributes =
        Arrays.stream(Counter.values())
            .map(
                counter ->
                    new MBeanAttributeInfo(
                        counter.attribute(), "long", counter.description(), true, false, false))
            .toArray(MBeanAttributeInfo[]::new);
    return new MBeanInfo(
        TableMetrics.class.getName(),
        "One table of a DynamoDB source",
        attributes,
        null,
        null,
        null);
  }
}
