package io.github.dynamokc.testing.aws;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Stands in front of the S3 server for a test that wants to see its requests, or to break some of
 * them. The rest passes as it came, body for body, but for the Host header: the server behind does
 * not check signatures.
 */
public final class S3Front implements AutoCloseable {
  private static final Set<String> HEADERS_OF_THE_CONNECTION =
      Set.of(
          "connection", "content-length", "date", "expect", "host", "transfer-encoding", "upgrade");
  private static final int BUFFER = 16 * 1024;

  private final URI s3;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads;
  private final HttpServer server;
  private final List<Function<S3Request, Optional<S3Fault>>> hooks = new CopyOnWriteArrayList<>();
  private final List<LoggedS3Request> log = new CopyOnWriteArrayList<>();

  /**
   * @param s3 the server behind
   */
  public S3Front(URI s3) {
    this.s3 = s3;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "s3-front");
              thread.setDaemon(true);
              return thread;
            });
    AwsJsonServer.tuneHttpServer();
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on loopback", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Path style only. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /**
   * Asks {@code hook} about each request; what it gives happens to the request. It may block to
   * delay the request.
   */
  public void onRequest(Function<S3Request, Optional<S3Fault>> hook) {
    hooks.add(hook);
  }

  /** Lets the next {@code times} requests for objects with such keys go wrong. */
  public void failNext(int times, Predicate<String> key, S3Fault fault) {
    onRequest(new Times(times, key, fault));
  }

  /** Lets all requests for objects with such keys go wrong, until {@link #clearHooks}. */
  public void failAll(Predicate<String> key, S3Fault fault) {
    failNext(Integer.MAX_VALUE, key, fault);
  }

  public void clearHooks() {
    hooks.clear();
  }

  /** All requests whose answer has begun, in that order. */
  public List<LoggedS3Request> requests() {
    return List.copyOf(log);
  }

  /** The requests for objects with such keys. */
  public List<LoggedS3Request> requests(Predicate<String> key) {
    return log.stream().filter(logged -> key.test(logged.request().key())).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      S3Request request =
          S3Request.of(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              exchange.getRequestHeaders());
      Optional<S3Fault> fault = fault(request);
      if (fault.isPresent() && fault.get() instanceof S3Fault.Refusal refusal) {
        refuse(exchange, request, refusal);
      } else {
        forward(exchange, request, fault);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<S3Fault> fault(S3Request request) {
    return hooks.stream().flatMap(hook -> hook.apply(request).stream()).findFirst();
  }

  private void refuse(HttpExchange exchange, S3Request request, S3Fault.Refusal refusal)
      throws IOException {
    byte[] body =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Error><Code>%s</Code><Message>%s</Message><RequestId>refused</RequestId></Error>
        """
            .formatted(refusal.code(), refusal.message())
            .getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    log.add(new LoggedS3Request(request, refusal.status()));
    if (request.method().equals("HEAD")) {
      exchange.sendResponseHeaders(refusal.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(refusal.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private void forward(HttpExchange exchange, S3Request request, Optional<S3Fault> fault)
      throws IOException, InterruptedException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder forwarded =
        HttpRequest.newBuilder(URI.create(s3 + exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                sent.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(sent));
    copy(exchange.getRequestHeaders(), forwarded::header);
    HttpResponse<InputStream> response =
        http.send(forwarded.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      Headers answer = new Headers();
      answer.putAll(response.headers().map());
      copy(answer, exchange.getResponseHeaders()::add);
      log.add(new LoggedS3Request(request, response.statusCode()));
      long length = response.headers().firstValueAsLong("Content-Length").orElse(0);
      if (request.method().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
        exchange.sendResponseHeaders(response.statusCode(), -1);
      } else if (response.headers().firstValue("Content-Length").isEmpty()) {
        exchange.sendResponseHeaders(response.statusCode(), 0);
        body.transferTo(exchange.getResponseBody());
      } else {
        exchange.sendResponseHeaders(response.statusCode(), length == 0 ? -1 : length);
        send(body, length, fault, exchange.getResponseBody());
      }
    }
  }

  private static void send(InputStream body, long length, Optional<S3Fault> fault, OutputStream to)
      throws IOException, InterruptedException {
    if (fault.isEmpty()) {
      transfer(body, length, to);
    } else if (fault.get() instanceof S3Fault.Cut cut) {
      transfer(body, Math.min(length, cut.bytes()), to);
    } else if (fault.get() instanceof S3Fault.Hold hold) {
      long first = Math.min(length, hold.bytes());
      transfer(body, first, to);
      hold.released().await();
      transfer(body, length - first, to);
    }
  }

  private static void transfer(InputStream from, long bytes, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (long left = bytes; left > 0; ) {
      int read = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("The S3 server sent less than it promised");
      }
      to.write(buffer, 0, read);
      left -= read;
    }
    to.flush();
  }

  private interface HeaderSink {
    void add(String name, String value);
  }

  private static void copy(Headers from, HeaderSink to) {
    from.forEach(
        (name, values) -> {
          if (!HEADERS_OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> to.add(name, value));
          }
        });
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** A fault that happens a number of times. */
  private static final class Times implements Function<S3Request, Optional<S3Fault>> {
    private final Predicate<String> key;
    private final S3Fault fault;
    private int left;

    private Times(int left, Predicate<String> key, S3Fault fault) {
      this.left = left;
      this.key = key;
      this.fault = fault;
    }

    @Override
    public synchronized Optional<S3Fault> apply(S3Request request) {
      if (left == 0 || !key.test(request.key())) {
        return Optional.empty();
      }
      left--;
      return Optional.of(fault);
    }
  }
}
