package io.github.dynamokc.testing.aws;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * An HTTP server that speaks the JSON protocol of DynamoDB: it reads requests, logs them, lets the
 * hooks of a test answer first, and knows how to break a connection.
 */
final class AwsJsonServer implements AutoCloseable {
  /** Answers a request, from a thread of the server. */
  interface Handler {
    AwsResponse handle(AwsRequest request) throws IOException, InterruptedException;
  }

  private final LoopbackHttp server;
  private final Handler handler;
  private final RequestLog log = new RequestLog();
  private final List<Function<AwsRequest, Optional<AwsResponse>>> hooks =
      new CopyOnWriteArrayList<>();

  /** Listens on loopback, on a port that is free. */
  AwsJsonServer(String name, Handler handler) {
    this(name, Listeners.onLoopback(), handler);
  }

  AwsJsonServer(String name, InetSocketAddress address, Handler handler) {
    this.handler = handler;
    this.server = LoopbackHttp.start(name, address, this::serve);
  }

  URI endpoint() {
    return server.uri();
  }

  RequestLog log() {
    return log;
  }

  /** Asks {@code hook} before the handler; it may also block, on a latch, to delay an answer. */
  void addHook(Function<AwsRequest, Optional<AwsResponse>> hook) {
    hooks.add(hook);
  }

  void clearHooks() {
    hooks.clear();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestHeaders().getFirst("x-amz-target");
    AwsRequest request =
        new AwsRequest(
            target == null ? "" : target,
            exchange.getRequestHeaders(),
            exchange.getRequestBody().readAllBytes());
    AwsResponse response = answer(request);
    log.add(request, response);
    send(exchange, response);
  }

  private AwsResponse answer(AwsRequest request) {
    try {
      for (Function<AwsRequest, Optional<AwsResponse>> hook : hooks) {
        Optional<AwsResponse> response = hook.apply(request);
        if (response.isPresent()) {
          return response.get();
        }
      }
      return handler.handle(request);
    } catch (AwsErrorException e) {
      return AwsResponse.error(e.status(), e.errorCode(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new AwsResponse.ConnectionClosed();
    } catch (IOException | RuntimeException e) {
      // A mistake in a test or in this server: it must show in the client's message.
      return AwsResponse.error(500, "InternalServerError", e.toString());
    }
  }

  private static void send(HttpExchange exchange, AwsResponse response) throws IOException {
    if (response instanceof AwsResponse.Reply reply) {
      send(exchange, reply, reply.body().length);
    } else if (response instanceof AwsResponse.Cut cut) {
      send(exchange, cut.reply(), cut.bytes());
    }
  }

  private static void send(HttpExchange exchange, AwsResponse.Reply reply, int bytes)
      throws IOException {
    exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    LoopbackHttp.answer(exchange, reply.status(), reply.body(), bytes);
  }

  @Override
  public void close() {
    server.close();
  }
}
