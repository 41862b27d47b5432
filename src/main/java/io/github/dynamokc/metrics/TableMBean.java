package io.github.dynamokc.metrics;

import java.util.List;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import org.jspecify.annotations.Nullable;

/** The numbers of one table as attributes that can be read and are described. */
final class TableMBean implements DynamicMBean {
  private final TableMetrics metrics;
  private final List<Metric> shown;

  TableMBean(TableMetrics metrics, List<Metric> shown) {
    this.metrics = metrics;
    this.shown = shown;
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    for (Metric metric : shown) {
      if (metric.attribute().equals(attribute)) {
        return metrics.value(metric);
      }
    }
    throw new AttributeNotFoundException(attribute);
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    List<String> wanted = List.of(attributes);
    AttributeList values = new AttributeList();
    for (Metric metric : shown) {
      if (wanted.contains(metric.attribute())) {
        values.add(new Attribute(metric.attribute(), metrics.value(metric)));
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
        shown.stream()
            .map(
                metric ->
                    new MBeanAttributeInfo(
                        metric.attribute(), "long", metric.description(), true, false, false))
            .toArray(MBeanAttributeInfo[]::new);
    return new MBeanInfo(
        TableMBean.class.getName(), "One table of a DynamoDB source", attributes, null, null, null);
  }
}
