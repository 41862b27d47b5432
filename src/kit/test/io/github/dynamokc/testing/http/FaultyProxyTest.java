package io.github.dynamokc.testing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyProxyTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<Integer> statuses = new CopyOnWriteArrayList<>();
  private final LoopbackHttp server = LoopbackHttp.start("behind", FaultyProxyTest::repeat);
  private final FaultyProxy proxy =
      new FaultyProxy(URI.create(server.uri() + "/"), "authorization", "x-secret");
  private volatile FaultyProxy.Fault fault = new FaultyProxy.Fault.None();
  private final LoopbackHttp front =
      LoopbackHttp.start("front", exchange -> proxy.forward(exchange, fault, statuses::add));

  @AfterEach
  void stop() {
    front.close();
    server.close();
  }

  /** Answers with what it was asked, in the way that the path says. */
  private static void repeat(HttpExchange exchange) throws IOException {
    String asked =
        "%s %s %s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().get("X-Many"),
                exchange.getRequestHeaders().getFirst("Authorization"),
                LoopbackHttp.text(exchange));
    exchange.getResponseHeaders().set("x-secret", "s");
    exchange.getResponseHeaders().set("x-shown", "t");
    switch (exchange.getRequestURI().getPath()) {
      case "/none" -> exchange.sendResponseHeaders(204, -1);
      case "/chunked" -> {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(asked.getBytes(StandardCharsets.UTF_8));
      }
      default -> LoopbackHttp.answer(exchange, 418, asked);
    }
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create(front.uri() + target));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void requestAndAnswerPassWithoutTheWithheldHeaders() throws Exception {
    HttpResponse<String> response =
        send(
            request("/a%2Fb?c=%20")
                .header("X-Many", "1")
                .header("X-Many", "2")
                .header("Authorization", "me")
                .POST(HttpRequest.BodyPublishers.ofString("body")));
    assertThat(response.body()).isEqualTo("POST /a%2Fb?c=%20 [1, 2] null body");
    assertThat(response.headers().firstValue("x-shown")).contains("t");
    assertThat(response.headers().firstValue("x-secret")).isEmpty();
    assertThat(response.statusCode()).isEqualTo(418);
    assertThat(statuses).containsExactly(418);
  }

  @Test
  void answersPassWithoutALengthAndWithoutABody() throws Exception {
    assertThat(send(request("/chunked")).body()).isEqualTo("GET /chunked null null ");
    HttpResponse<String> none = send(request("/none"));
    assertThat(none.statusCode()).isEqualTo(204);
    assertThat(none.body()).isEmpty();
    HttpResponse<String> head =
        send(request("/x").method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(418);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aCutClosesTheConnection() {
    fault = new FaultyProxy.Fault.Cut(3);
    assertThatThrownBy(() -> send(request("/x"))).isInstanceOf(IOException.class);
  }
}
