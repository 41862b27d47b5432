package io.github.dynamokc.testing.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.github.dynamokc.testing.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients may send by hand. */
class DatedHttpTest {
  private final DatedHttp server =
      DatedHttp.start(
          "dated",
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          new ManualClock(Instant.parse("2026-01-05T23:59:58Z")),
          DatedHttpTest::repeat);

  @AfterEach
  void stop() {
    server.close();
  }

  private static DatedHttp.Answer repeat(DatedHttp.Request request) {
    String text =
        request.method() + request.target() + new String(request.body(), StandardCharsets.UTF_8);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    if (text.endsWith("nothing")) {
      return null;
    }
    Headers headers = new Headers();
    headers.add("X-Shown", request.headers().getFirst("x-sent"));
    return new DatedHttp.Answer(200, headers, body, text.endsWith("half") ? 3 : body.length);
  }

  @Test
  void requestsOfAConnectionAreAnsweredOneAfterTheOther() throws IOException {
    String answers =
        exchange(
            "POST /a HTTP/1.1\r\nX-Sent: 1\r\nContent-Length: 3\r\n\r\none"
                + "GET /b?c HTTP/1.1\r\nx-sent: 2\r\nConnection: close\r\n\r\n"
                + "GET /unread HTTP/1.1\r\n\r\n");

    assertThat(answers).isEqualTo(answer(1, "POST/aone") + answer(2, "GET/b?c"));
  }

  @Test
  void aConnectionEndsWithWhatCannotBeAnsweredWhole() throws IOException {
    assertThat(exchange(post("half") + post("more")))
        .isEqualTo(answer(1, "POST/half").replaceAll("T/half$", ""));
    assertThat(exchange(post("nothing") + post("more"))).isEmpty();
    assertThat(exchange("GET /old HTTP/1.0\r\nX-Sent: 1\r\n\r\n" + post("more")))
        .isEqualTo(answer(1, "GET/old"));
    assertThat(exchange("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
        .isEmpty();
    assertThat(exchange("what\r\n\r\n")).isEmpty();
  }

  private static String post(String body) {
    return "POST / HTTP/1.1\r\nX-Sent: 1\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  private static String answer(int shown, String body) {
    return "HTTP/1.1 200 Answer\r\nDate: Mon, 05 Jan 2026 23:59:58 GMT\r\nX-shown: %d\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(shown, body.length(), body);
  }

  /** Sends all at once and reads until the server closes the connection. */
  private String exchange(String requests) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      socket.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
