package io.github.dynamokc.testing.opensearch;

import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Starts a node of OpenSearch in this JVM: the engine of an installation, but for what only an
 * installation has, such as plugins in folders and a security manager. Everything goes through
 * reflection, so that its jars stay off the class path of the tests.
 */
final class OpenSearchMain {
  private OpenSearchMain() {}

  /**
   * @param arguments the home directory, the ports on loopback for HTTP and among nodes
   */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put("path.home", arguments[0]);
    settings.put("http.host", "127.0.0.1");
    settings.put("http.port", arguments[1]);
    settings.put("transport.host", "127.0.0.1");
    settings.put("transport.port", arguments[2]);
    settings.put("cluster.name", "embedded");
    settings.put("discovery.type", "single-node");
    // A full disk of the machine is no reason to refuse the few documents of a test.
    settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
    Object node = node(environment(settings));
    node.getClass().getMethod("start").invoke(node);
    new CountDownLatch(1).await();
  }

  private static Object environment(Map<String, String> settings)
      throws ReflectiveOperationException {
    Class<?> settingsClass = Class.forName("org.opensearch.common.settings.Settings");
    Object builder = settingsClass.getMethod("builder").invoke(null);
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      builder
          .getClass()
          .getMethod("put", String.class, String.class)
          .invoke(builder, setting.getKey(), setting.getValue());
    }
    Supplier<String> nodeName = () -> "embedded";
    return Class.forName("org.opensearch.node.InternalSettingsPreparer")
        .getMethod("prepareEnvironment", settingsClass, Map.class, Path.class, Supplier.class)
        .invoke(
            null, builder.getClass().getMethod("build").invoke(builder), Map.of(), null, nodeName);
  }

  /** With HTTP, which is a plugin even where it is on the class path. */
  private static Object node(Object environment) throws ReflectiveOperationException {
    Constructor<?> constructor =
        Class.forName("org.opensearch.node.Node")
            .getDeclaredConstructor(
                Class.forName("org.opensearch.env.Environment"), Collection.class, boolean.class);
    constructor.setAccessible(true);
    boolean forbidPrivateIndexSettings = false;
    return constructor.newInstance(
        environment,
        List.of(Class.forName("org.opensearch.transport.Netty4Plugin")),
        forbidPrivateIndexSettings);
  }
}
