package io.github.dynamokc.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A schema registry on loopback that answers what it was told to, the last answer for ever. */
final class RegistryServer implements AutoCloseable {
  /** How the connection is cut without an answer. */
  static final Reply CUT = new Reply(0, "");

  record Reply(int status, String body) {}

  /**
   * A request as it came.
   *
   * @param authorization empty without one
   */
  record Request(String uri, String accept, String authorization) {}

  private final HttpServer server;
  private final String scheme;
  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  private RegistryServer(HttpServer server, String scheme, Reply... replies) {
    this.server = server;
    this.scheme = scheme;
    this.replies.addAll(List.of(replies));
    server.createContext("/", this::handle);
    server.start();
  }

  static RegistryServer http(Reply... replies) throws IOException {
    return new RegistryServer(HttpServer.create(loopback(), 0), "http", replies);
  }

  /** A server that asks clients for a certificate. */
  static RegistryServer https(SSLContext context, Reply... replies) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters asked = context.getDefaultSSLParameters();
            asked.setNeedClientAuth(true);
            parameters.setSSLParameters(asked);
          }
        });
    return new RegistryServer(server, "https", replies);
  }

  private static InetSocketAddress loopback() throws IOException {
    return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
  }

  String url() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Request> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(
          new Request(
              exchange.getRequestURI().toString(),
              header(exchange, "Accept"),
              header(exchange, "Authorization")));
      Reply reply = replies.size() > 1 ? replies.remove() : replies.element();
      if (reply.equals(CUT)) {
        return;
      }
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
