package io.github.dynamokc.testing.aws;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.http.FaultyProxy;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Stands in front of the S3 server for a test that wants to see its requests, or to break some of
 * them. The rest passes as it came, body for body, but for the Host header: the server behind does
 * not check signatures.
 */
public final class S3Front implements AutoCloseable {
  private final FaultyProxy s3;
  private final LoopbackHttp server;
  private final List<Function<S3Request, Optional<S3Fault>>> hooks = new CopyOnWriteArrayList<>();
  private final List<LoggedS3Request> log = new CopyOnWriteArrayList<>();

  /**
   * @param s3 the server behind
   */
  public S3Front(URI s3) {
    this.s3 = new FaultyProxy(s3);
    this.server = LoopbackHttp.start("s3-front", this::serve);
  }

  /** Path style only. */
  public URI endpoint() {
    return server.uri();
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

  private void serve(HttpExchange exchange) throws IOException, InterruptedException {
    S3Request request =
        S3Request.of(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders());
    S3Fault fault = fault(request).orElse(null);
    if (fault instanceof S3Fault.Refusal refusal) {
      refuse(exchange, request, refusal);
    } else if (fault instanceof S3Fault.Cut cut) {
      forward(exchange, request, new FaultyProxy.Fault.Cut(cut.bytes()));
    } else if (fault instanceof S3Fault.Hold hold) {
      forward(exchange, request, new FaultyProxy.Fault.Hold(hold.bytes(), hold.released()));
    } else if (fault instanceof S3Fault.Slow slow) {
      forward(exchange, request, new FaultyProxy.Fault.Slow(slow.first(), slow.bytesPerSecond()));
    } else {
      forward(exchange, request, new FaultyProxy.Fault.None());
    }
  }

  private void forward(HttpExchange exchange, S3Request request, FaultyProxy.Fault fault)
      throws IOException, InterruptedException {
    s3.forward(exchange, fault, status -> log.add(new LoggedS3Request(request, status)));
  }

  private Optional<S3Fault> fault(S3Request request) {
    return hooks.stream().flatMap(hook -> hook.apply(request).stream()).findFirst();
  }

  private void refuse(HttpExchange exchange, S3Request request, S3Fault.Refusal refusal)
      throws IOException {
    String body =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Error><Code>%s</Code><Message>%s</Message><RequestId>refused</RequestId></Error>
        """
            .formatted(refusal.code(), refusal.message());
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    log.add(new LoggedS3Request(request, refusal.status()));
    LoopbackHttp.answer(exchange, refusal.status(), body);
  }

  @Override
  public void close() {
    server.close();
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
