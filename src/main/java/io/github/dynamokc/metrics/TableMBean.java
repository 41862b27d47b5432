package io.github.dynamokc.metrics;

import java.util.List;
import java.util.stream.Stream;
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
    if (attribute.equals(PluginVersion.ATTRIBUTE)) {
      return PluginVersion.get();
    }
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
    if (wanted.contains(PluginVersion.ATTRIBUTE)) {
      values.add(new Attribute(PluginVersion.ATTRIBUTE, PluginVersion.get()));
    }
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
        Stream.concat(
                shown.stream()
                    .map(metric -> info(metric.attribute(), "long", metric.description())),
                Stream.of(
                    info(
                        PluginVersion.ATTRIBUTE,
                        String.class.getName(),
                        PluginVersion.DESCRIPTION)))
            .toArray(MBeanAttributeInfo[]::new);
    return new MBeanInfo(
        TableMBean.class.getName(), "One table of a DynamoDB source", attributes, null, null, null);
  }

  private static MBeanAttributeInfo info(String attribute, String type, String description) {
    return new MBeanAttributeInfo(attribute, type, description, true, false, false);
  }
}
