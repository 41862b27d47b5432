package io.github.dynamokc.testing.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.http.FaultyProxy;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Stands in front of a registry for a test of what protects one: it speaks TLS with a certificate
 * that nobody trusts by itself, and lets in only who knows user and password. It counts what comes
 * and can break some of it; the rest passes as it came.
 */
public final class RegistryFront implements AutoCloseable {
  private static final String THREADS = "registry-front";

  private final FaultyProxy registry;
  private final String authorization;
  private final List<LoggedRegistryRequest> log = new CopyOnWriteArrayList<>();
  private final Faults faults = new Faults();
  private final LoopbackHttp server;

  private RegistryFront(
      SchemaRegistry registry,
      String user,
      String password,
      Function<LoopbackHttp.Handler, LoopbackHttp> starting) {
    this.registry = new FaultyProxy(registry.uri(), "authorization");
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    this.server = starting.apply(this::serve);
  }

  /** A front without TLS. */
  public static RegistryFront start(SchemaRegistry registry, String user, String password) {
    return new RegistryFront(
        registry, user, password, handler -> LoopbackHttp.start(THREADS, handler));
  }

  /** A front with TLS, for who trusts {@code identity}. */
  public static RegistryFront start(
      SchemaRegistry registry, TlsIdentity identity, String user, String password) {
    return new RegistryFront(
        registry,
        user,
        password,
        handler -> LoopbackHttp.startTls(THREADS, identity.serverContext(), false, handler));
  }

  public URI uri() {
    return server.uri();
  }

  /** The API of Confluent's registry. */
  public URI confluentUri() {
    return SchemaRegistry.confluent(uri());
  }

  /** Apicurio's own API. */
  public URI apicurioUri() {
    return SchemaRegistry.apicurio(uri());
  }

  /** Answers the next {@code times} requests of these paths with a status of its own. */
  public void failNext(int times, Predicate<String> path, int status) {
    faults.add(times, path, status);
  }

  /** Answers the next {@code times} requests with a status of its own. */
  public void failNext(int times, int status) {
    failNext(times, path -> true, status);
  }

  /** Lets everything pass again. */
  public void heal() {
    faults.clear();
  }

  /** All requests that were answered, those without or with a wrong password included. */
  public List<LoggedRegistryRequest> requests() {
    return List.copyOf(log);
  }

  /** How many requests of a method were answered whose paths are so. */
  public long count(String method, Predicate<String> path) {
    return log.stream()
        .filter(request -> request.method().equals(method) && path.test(request.path()))
        .count();
  }

  private void serve(HttpExchange exchange) throws IOException, InterruptedException {
    if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"registry\"");
      answer(exchange, 401, "Unauthorized");
      return;
    }
    OptionalInt fault = faults.of(exchange.getRequestURI().getPath());
    if (fault.isPresent()) {
      answer(exchange, fault.getAsInt(), "A fault that a test set");
    } else {
      registry.forward(exchange, new FaultyProxy.Fault.None(), status -> log(exchange, status));
    }
  }

  private void answer(HttpExchange exchange, int status, String message) throws IOException {
    exchange.getRequestBody().readAllBytes();
    log(exchange, status);
    LoopbackHttp.answer(exchange, status, error(status, message));
  }

  private void log(HttpExchange exchange, int status) {
    log.add(
        new LoggedRegistryRequest(
            exchange.getRequestMethod(), exchange.getRequestURI().getPath(), status));
  }

  /** As both APIs word an error. */
  private static byte[] error(int status, String message) {
    return "{\"error_code\":%d,\"message\":\"%s\"}".formatted(status, message).getBytes(UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }

  /** What is to go wrong, the oldest first. */
  private static final class Faults {
    private record Fault(Predicate<String> path, int status) {}

    private final List<Fault> faults = new ArrayList<>();

    synchronized void add(int times, Predicate<String> path, int status) {
      for (int i = 0; i < times; i++) {
        faults.add(new Fault(path, status));
      }
    }

    synchronized void clear() {
      faults.clear();
    }

    synchronized OptionalInt of(String path) {
      for (int i = 0; i < faults.size(); i++) {
        if (faults.get(i).path().test(path)) {
          return OptionalInt.of(faults.remove(i).status());
        }
      }
      return OptionalInt.empty();
    }
  }
}
