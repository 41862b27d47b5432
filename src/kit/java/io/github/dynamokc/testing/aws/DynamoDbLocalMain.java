package io.github.dynamokc.testing.aws;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Starts DynamoDB Local, in memory and with its test control on, in this JVM. The stock main class
 * binds every interface and offers no test control. Everything goes through reflection, so that the
 * jars of DynamoDB Local, with their old SDK and Jackson, stay off the class path of the tests.
 */
final class DynamoDbLocalMain {
  private static final String PACKAGE = "com.amazonaws.services.dynamodbv2.local.server.";
  private static final long IDLE_TIMEOUT_MS = 600_000;

  private DynamoDbLocalMain() {}

  /**
   * @param arguments the port on loopback
   */
  public static void main(String[] arguments) throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0].strip()));
    Class<?> serverClass = Class.forName("org.eclipse.jetty.server.Server");
    Object server = serverClass.getConstructor(InetSocketAddress.class).newInstance(address);
    serverClass
        .getMethod("setHandler", Class.forName("org.eclipse.jetty.server.Handler"))
        .invoke(server, serverHandler(requestHandler()));
    keepConnections(serverClass, server);
    serverClass.getMethod("start").invoke(server);
    serverClass.getMethod("join").invoke(server);
  }

  private static Object requestHandler() throws ReflectiveOperationException {
    Constructor<?> constructor =
        Class.forName(PACKAGE + "LocalDynamoDBRequestHandler")
            .getDeclaredConstructor(
                int.class,
                boolean.class,
                String.class,
                boolean.class,
                boolean.class,
                boolean.class);
    constructor.setAccessible(true);
    boolean inMemory = true;
    boolean sharedByAllCredentials = true;
    boolean delayTransientStatuses = false;
    boolean testControl = true;
    return constructor.newInstance(
        0, inMemory, null, sharedByAllCredentials, delayTransientStatuses, testControl);
  }

  private static Object serverHandler(Object requestHandler) throws ReflectiveOperationException {
    return Class.forName(PACKAGE + "LocalDynamoDBServerHandler")
        .getConstructor(Class.forName(PACKAGE + "DynamoDBRequestHandler"), String.class)
        .newInstance(requestHandler, null);
  }

  /** A connection that the server drops while a client takes it from its pool fails a request. */
  private static void keepConnections(Class<?> serverClass, Object server)
      throws ReflectiveOperationException {
    Object connectors = serverClass.getMethod("getConnectors").invoke(server);
    Class<?> connectorClass = Class.forName("org.eclipse.jetty.server.AbstractConnector");
    for (int i = 0; i < Array.getLength(connectors); i++) {
      connectorClass
          .getMethod("setIdleTimeout", long.class)
          .invoke(Array.get(connectors, i), IDLE_TIMEOUT_MS);
    }
  }
}
