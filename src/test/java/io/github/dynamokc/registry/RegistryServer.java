package io.github.dynamokc.registry;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** A schema registry on loopback that answers what it was told to, the last answer for ever. */
final class RegistryServer implements AutoCloseable {
  /** How the connection is cut without an answer. */
  static final Reply CUT = new Reply(0, "");

  /** How half of an answer comes, and then nothing, though the connection stays. */
  static final Reply HALF = new Reply(-1, "{\"schema\":\"[]\"}");

  record Reply(int status, String body) {}

  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * A request as it came.
   *
   * @param authorization empty without one
   * @param body empty without one
   */
  record Request(String uri, String accept, String authorization, String body) {}

  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final LoopbackHttp server;

  private RegistryServer(Function<LoopbackHttp.Handler, LoopbackHttp> starting, Reply... replies) {
    this.replies.addAll(List.of(replies));
    this.server = starting.apply(this::handle);
  }

  static RegistryServer http(Reply... replies) {
    return new RegistryServer(handler -> LoopbackHttp.start("registry", handler), replies);
  }

  /** A server that asks clients for a certificate. */
  static RegistryServer https(SSLContext context, Reply... replies) {
    return new RegistryServer(
        handler -> LoopbackHttp.startTls("registry", context, true, handler), replies);
  }

  String url() {
    return server.uri().toString();
  }

  List<Request> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(
        new Request(
            exchange.getRequestURI().toString(),
            header(exchange, "Accept"),
            header(exchange, "Authorization"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    Reply reply = next();
    if (reply.equals(HALF)) {
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      LoopbackHttp.answer(exchange, 200, body, body.length / 2);
      awaitClose();
    } else if (!reply.equals(CUT)) {
      LoopbackHttp.answer(exchange, reply.status(), reply.body());
    }
  }

  private synchronized Reply next() {
    return replies.size() > 1 ? replies.remove() : replies.element();
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  @Override
  public void close() {
    closed.countDown();
    server.close();
  }
}
