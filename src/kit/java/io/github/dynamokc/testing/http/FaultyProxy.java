package io.github.dynamokc.testing.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;

/**
 * Passes requests on to a server and its answers back, as they came but for the headers that belong
 * to a connection, and lets the body of an answer go wrong. Whoever stands in front answers itself,
 * or waits, for what is to go wrong before the server is asked.
 */
public final class FaultyProxy {
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "date",
          "expect",
          "host",
          "http2-settings",
          "transfer-encoding",
          "upgrade");
  private static final int BUFFER = 16 * 1024;
  private static final int SLOW_PART = 256 * 1024;

  /** What happens to an answer on its way back. */
  public sealed interface Fault {

    record None() implements Fault {}

    /** The connection is closed after some bytes of the body, of which more were promised. */
    record Cut(long bytes) implements Fault {}

    /** The body stands still after some bytes, until {@code released} is opened. */
    record Hold(long bytes, CountDownLatch released) implements Fault {}

    /** The body begins late, and then does not come faster than this. */
    record Slow(Duration first, long bytesPerSecond) implements Fault {}
  }

  private final String server;
  private final Set<String> withheld = new TreeSet<>(OF_THE_CONNECTION);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param server to ask
   * @param headers in lower case, further ones that are passed in neither direction
   */
  public FaultyProxy(URI server, String... headers) {
    this.server = server.toString().replaceFirst("/$", "");
    withheld.addAll(Set.of(headers));
  }

  /**
   * Sends a request to the server.
   *
   * @param target path and query
   */
  public <T> HttpResponse<T> send(
      String method,
      String target,
      Headers headers,
      byte[] body,
      HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + target))
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(
        (name, values) -> {
          if (passes(name)) {
            values.forEach(value -> request.header(name, value));
          }
        });
    return http.send(request.build(), handler);
  }

  /** Each header of an answer that is passed on. */
  public void eachHeader(HttpHeaders headers, BiConsumer<String, String> to) {
    headers
        .map()
        .forEach(
            (name, values) -> {
              if (passes(name)) {
                values.forEach(value -> to.accept(name, value));
              }
            });
  }

  private boolean passes(String header) {
    return !withheld.contains(header.toLowerCase(Locale.ROOT));
  }

  /**
   * Answers a request as the server does, but for the fault.
   *
   * @param begun gets the status before the answer begins
   */
  public void forward(HttpExchange exchange, Fault fault, IntConsumer begun)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        send(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            exchange.getRequestBody().readAllBytes(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      int status = response.statusCode();
      eachHeader(response.headers(), exchange.getResponseHeaders()::add);
      begun.accept(status);
      long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(Math.max(0, length)));
        exchange.sendResponseHeaders(status, -1);
      } else if (status == 204 || status == 304) {
        exchange.sendResponseHeaders(status, -1);
      } else if (length < 0) {
        exchange.sendResponseHeaders(status, 0);
        body.transferTo(exchange.getResponseBody());
      } else {
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
        transfer(body, length, fault, exchange.getResponseBody());
      }
    }
  }

  private static void transfer(InputStream body, long length, Fault fault, OutputStream to)
      throws IOException, InterruptedException {
    if (fault instanceof Fault.None) {
      transfer(body, length, to);
    } else if (fault instanceof Fault.Cut cut) {
      transfer(body, Math.min(length, cut.bytes()), to);
    } else if (fault instanceof Fault.Hold hold) {
      long first = Math.min(length, hold.bytes());
      transfer(body, first, to);
      hold.released().await();
      transfer(body, length - first, to);
    } else if (fault instanceof Fault.Slow slow) {
      LockSupport.parkNanos(slow.first().toNanos());
      transferSlowly(body, length, slow.bytesPerSecond(), to);
    } else {
      throw new IllegalStateException("Unknown: " + fault);
    }
  }

  private static void transferSlowly(
      InputStream body, long length, long bytesPerSecond, OutputStream to) throws IOException {
    long start = System.nanoTime();
    for (long passed = 0; passed < length; ) {
      long part = Math.min(SLOW_PART, length - passed);
      transfer(body, part, to);
      passed += part;
      LockSupport.parkNanos((long) (1e9 * passed / bytesPerSecond) - (System.nanoTime() - start));
    }
  }

  private static void transfer(InputStream from, long bytes, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (long left = bytes; left > 0; ) {
      int read = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("The server behind sent less than it promised");
      }
      to.write(buffer, 0, read);
      left -= read;
    }
    to.flush();
  }
}
