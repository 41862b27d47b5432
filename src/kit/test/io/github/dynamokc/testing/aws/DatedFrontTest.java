package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.ManualClock;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatedFrontTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final LoopbackHttp server = LoopbackHttp.start("behind", DatedFrontTest::repeat);
  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-05T23:59:58Z"));
  private final DatedFront front = new DatedFront(server.uri(), clock);

  @AfterEach
  void stop() {
    front.close();
    server.close();
  }

  /** Answers with what it was asked. */
  private static void repeat(HttpExchange exchange) throws IOException {
    String body = LoopbackHttp.text(exchange);
    if (!body.equals("nothing")) {
      exchange.getResponseHeaders().set("x-shown", "t");
      LoopbackHttp.answer(
          exchange, 400, exchange.getRequestHeaders().getFirst("x-amz-target") + " " + body);
    }
  }

  private HttpResponse<String> send(String body) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(front.endpoint() + "/"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("x-amz-target", "Operation")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void answersPassWithTheDateOfTheClock() throws Exception {
    HttpResponse<String> response = send("one");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo("Operation one");
    assertThat(response.headers().allValues("date"))
        .containsExactly("Mon, 05 Jan 2026 23:59:58 GMT");
    assertThat(response.headers().firstValue("x-shown")).contains("t");
    clock.advance(Duration.ofSeconds(2));
    assertThat(send("two").headers().allValues("date"))
        .containsExactly("Tue, 06 Jan 2026 00:00:00 GMT");
  }

  @Test
  void aConnectionThatIsClosedBehindItIsClosed() {
    assertThatThrownBy(() -> send("nothing")).isInstanceOf(IOException.class);
  }
}
