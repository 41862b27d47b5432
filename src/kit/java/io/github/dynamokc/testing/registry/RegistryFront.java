package io.github.dynamokc.testing.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Stands in front of a registry for a test of what protects one: it speaks TLS with a certificate
 * that nobody trusts by itself, and lets in only who knows user and password. It counts what comes
 * and can break some of it; the rest passes as it came.
 */
public final class RegistryFront implements AutoCloseable {
  private static final Set<String> HEADERS_OF_THE_CONNECTION =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "date",
          "expect",
          "host",
          "http2-settings",
          "transfer-encoding",
          "upgrade");

  private final URI registry;
  private final String scheme;
  private final String authorization;
  private final HttpServer server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads;
  private final List<LoggedRegistryRequest> log = new CopyOnWriteArrayList<>();
  private final Faults faults = new Faults();

  private RegistryFront(
      SchemaRegistry registry, String scheme, HttpServer server, String user, String password) {
    this.registry = registry.uri();
    this.scheme = scheme;
    this.server = server;
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "registry-front");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** A front without TLS. */
  public static RegistryFront start(SchemaRegistry registry, String user, String password) {
    try {
      return new RegistryFront(registry, "http", HttpServer.create(loopback(), 0), user, password);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on loopback", e);
    }
  }

  /** A front with TLS, for who trusts {@code identity}. */
  public static RegistryFront start(
      SchemaRegistry registry, TlsIdentity identity, String user, String password) {
    try {
      HttpsServer server = HttpsServer.create(loopback(), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(identity.serverContext()));
      return new RegistryFront(registry, "https", server, user, password);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on loopback", e);
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  public URI uri() {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
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

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"registry\"");
        answer(exchange, 401, error(401, "Unauthorized"));
        return;
      }
      OptionalInt fault = faults.of(exchange.getRequestURI().getPath());
      if (fault.isPresent()) {
        answer(exchange, fault.getAsInt(), error(fault.getAsInt(), "A fault that a test set"));
      } else {
        forward(exchange, sent);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(HttpExchange exchange, byte[] sent)
      throws IOException, InterruptedException {
    HttpRequest.Builder forwarded =
        HttpRequest.newBuilder(registry.resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                sent.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(sent));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HEADERS_OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> forwarded.header(name, value));
              }
            });
    HttpResponse<byte[]> response =
        http.send(forwarded.build(), HttpResponse.BodyHandlers.ofByteArray());
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!HEADERS_OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    answer(exchange, response.statusCode(), response.body());
  }

  private void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    log.add(
        new LoggedRegistryRequest(
            exchange.getRequestMethod(), exchange.getRequestURI().getPath(), status));
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** As both APIs word an error. */
  private static byte[] error(int status, String message) {
    return "{\"error_code\":%d,\"message\":\"%s\"}".formatted(status, message).getBytes(UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
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
