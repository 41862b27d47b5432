package io.github.dynamokc.aws;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A small HTTP server on loopback that keeps what it was asked and answers as told; also a plain
 * HTTP proxy.
 */
final class LoopbackServer implements AutoCloseable {
  /**
   * A request as it came over the wire.
   *
   * @param uri the request line's target, absolute if a proxy was asked
   * @param headers by name in lower case, the first value of each
   */
  record Request(String method, String uri, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  record Answer(int status, String body) {}

  private final LoopbackHttp server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Function<Request, Answer> answers;

  LoopbackServer(Function<Request, Answer> answers) {
    this.answers = answers;
    this.server = LoopbackHttp.start("loopback", this::handle);
  }

  /** Answers an empty list of tables to everything. */
  static LoopbackServer ofTables() {
    return new LoopbackServer(request -> new Answer(200, "{\"TableNames\":[]}"));
  }

  String url() {
    return server.uri().toString();
  }

  int port() {
    return server.port();
  }

  List<Request> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            headers,
            LoopbackHttp.text(exchange));
    requests.add(request);
    Answer answer = answers.apply(request);
    LoopbackHttp.answer(exchange, answer.status(), answer.body());
  }

  @Override
  public void close() {
    server.close();
  }
}
