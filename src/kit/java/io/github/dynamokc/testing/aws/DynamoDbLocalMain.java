package io.github.dynamokc.testing.aws;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts DynamoDB Local, in memory and with its test control on, in this JVM. The stock main class
 * binds every interface and offers no test control; this one also has its clock moved, its writes
 * recorded, and its streams forget as AWS's. Everything goes through reflection, so that the jars
 * of DynamoDB Local, with their old SDK and Jackson, stay off the class path of the tests.
 */
final class DynamoDbLocalMain {
  private static final String PACKAGE = "com.amazonaws.services.dynamodbv2.local.";
  private static final long IDLE_TIMEOUT_MS = 600_000;

  /** As DynamoDB Local has it for jobs such as time to live. */
  private static final int JOB_THREADS = 10;

  private final ClassLoader loader;
  private final Path history;

  private DynamoDbLocalMain(ClassLoader loader, Path history) {
    this.loader = loader;
    this.history = history;
  }

  /**
   * @param arguments the port on loopback, the directory of DynamoDB Local's jars, and the one to
   *     record writes in
   */
  public static void main(String[] arguments) throws Exception {
    ClassLoader loader =
        new MovedClasses(jars(Path.of(arguments[1])), DynamoDbLocalMain.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    new DynamoDbLocalMain(loader, Path.of(arguments[2]))
        .serve(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0].strip())));
  }

  private static URL[] jars(Path directory) throws IOException {
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path file : files) {
        jars.add(file.toUri().toURL());
      }
    }
    return jars.toArray(URL[]::new);
  }

  private Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, loader);
  }

  private void serve(InetSocketAddress address) throws ReflectiveOperationException {
    Class<?> serverClass = type("org.eclipse.jetty.server.Server");
    Object server = serverClass.getConstructor(InetSocketAddress.class).newInstance(address);
    serverClass
        .getMethod("setHandler", type("org.eclipse.jetty.server.Handler"))
        .invoke(server, serverHandler(requestHandler()));
    keepConnections(serverClass, server);
    serverClass.getMethod("start").invoke(server);
    serverClass.getMethod("join").invoke(server);
  }

  private Object requestHandler() throws ReflectiveOperationException {
    Constructor<?> constructor =
        type(PACKAGE + "server.LocalDynamoDBRequestHandler")
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
    Object handler =
        constructor.newInstance(
            0, inMemory, null, sharedByAllCredentials, delayTransientStatuses, testControl);
    useOwnStorage(handler);
    return handler;
  }

  /** It would make its own storage at the first request; it finds another one instead. */
  private void useOwnStorage(Object handler) throws ReflectiveOperationException {
    Class<?> storageType = type(PACKAGE + "shared.access.LocalDBAccess");
    Class<?> jobsType = type(PACKAGE + "shared.jobs.JobsRegister");
    Object sqlite =
        type(PACKAGE + "shared.access.sqlite.SQLiteDBAccess").getConstructor().newInstance();
    Object forgetting = new ForgettingStorage(sqlite).as(storageType);
    Object storage = new RecordedStorage(forgetting, history).as(storageType);
    Object jobs =
        jobsType
            .getConstructor(ExecutorService.class, boolean.class)
            .newInstance(Executors.newFixedThreadPool(JOB_THREADS), false);
    Object client =
        type(PACKAGE + "shared.access.LocalDBClient")
            .getConstructor(storageType, jobsType)
            .newInstance(storage, jobs);
    Field clients = handler.getClass().getDeclaredField("dbRequestHandlers");
    clients.setAccessible(true);
    Field shared = handler.getClass().getDeclaredField("SHARED_DB_NAME");
    shared.setAccessible(true);
    @SuppressWarnings("unchecked")
    Map<Object, Object> byName = (Map<Object, Object>) clients.get(handler);
    byName.put(shared.get(null), client);
  }

  private Object serverHandler(Object requestHandler) throws ReflectiveOperationException {
    return type(PACKAGE + "server.LocalDynamoDBServerHandler")
        .getConstructor(type(PACKAGE + "server.DynamoDBRequestHandler"), String.class)
        .newInstance(requestHandler, null);
  }

  /** A connection that the server drops while a client takes it from its pool fails a request. */
  private void keepConnections(Class<?> serverClass, Object server)
      throws ReflectiveOperationException {
    Object connectors = serverClass.getMethod("getConnectors").invoke(server);
    Class<?> connectorClass = type("org.eclipse.jetty.server.AbstractConnector");
    for (int i = 0; i < Array.getLength(connectors); i++) {
      connectorClass
          .getMethod("setIdleTimeout", long.class)
          .invoke(Array.get(connectors, i), IDLE_TIMEOUT_MS);
    }
  }
}
