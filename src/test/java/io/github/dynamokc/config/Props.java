package io.github.dynamokc.config;

import java.util.HashMap;
import java.util.Map;

/** The smallest good configuration, with further keys on top. */
final class Props {
  private Props() {}

  static Map<String, String> with(String... keysAndValues) {
    Map<String, String> props = new HashMap<>();
    props.put("name", "orders-source");
    props.put("connector.class", "io.github.dynamokc.DynamoDbSourceConnector");
    props.put("tables", "orders");
    props.put("export.s3.bucket", "orders-exports");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      props.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return props;
  }

  static Map<String, String> without(String key, String... keysAndValues) {
    Map<String, String> props = with(keysAndValues);
    props.remove(key);
    return props;
  }
}
