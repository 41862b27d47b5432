package io.github.dynamokc.testing.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * An HTTP server whose handler may take its time: each request has a thread of its own. A handler
 * that returns without an answer closes the connection.
 */
public final class LoopbackHttp implements AutoCloseable {
  static {
    // Read once, when the server class is loaded. Without the first, a small answer waits 40 ms for
    // a delayed acknowledgment; with the defaults of the others, the server closes connections
    // while clients take them from their pools.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.idleInterval", "600");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
  }

  /** Answers a request, from a thread of the server. */
  public interface Handler {
    void handle(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final String scheme;
  private final Handler handler;
  private final ExecutorService threads;

  /** As many as there are requests; none keeps the JVM from ending. */
  static ExecutorService threads(String name) {
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  private LoopbackHttp(String name, HttpServer server, String scheme, Handler handler) {
    this.server = server;
    this.scheme = scheme;
    this.handler = handler;
    this.threads = threads(name);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /**
   * Listens on a free port of loopback.
   *
   * @param name of the threads
   */
  public static LoopbackHttp start(String name, Handler handler) {
    return start(name, anyPort(), handler);
  }

  /** Listens elsewhere, for instance where containers can reach it. */
  public static LoopbackHttp start(String name, InetSocketAddress address, Handler handler) {
    try {
      return new LoopbackHttp(name, HttpServer.create(address, 0), "http", handler);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + address, e);
    }
  }

  /**
   * Listens on a free port of loopback with TLS.
   *
   * @param asksClients whether a client must show a certificate
   */
  public static LoopbackHttp startTls(
      String name, SSLContext context, boolean asksClients, Handler handler) {
    try {
      HttpsServer server = HttpsServer.create(anyPort(), 0);
      server.setHttpsConfigurator(new Configurator(context, asksClients));
      return new LoopbackHttp(name, server, "https", handler);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on loopback", e);
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public URI uri() {
    return URI.create(scheme + "://127.0.0.1:" + port());
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      handler.handle(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The body of the request as text. */
  public static String text(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  public static void answer(HttpExchange exchange, int status, String body) throws IOException {
    answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  public static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    answer(exchange, status, body, body.length);
  }

  /** Announces the whole body and sends its first {@code bytes}. */
  public static void answer(HttpExchange exchange, int status, byte[] body, int bytes)
      throws IOException {
    if (body.length == 0 || exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body, 0, bytes);
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static final class Configurator extends HttpsConfigurator {
    private final boolean asksClients;

    private Configurator(SSLContext context, boolean asksClients) {
      super(context);
      this.asksClients = asksClients;
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters asked = getSSLContext().getDefaultSSLParameters();
      asked.setNeedClientAuth(asksClients);
      parameters.setSSLParameters(asked);
    }
  }
}
