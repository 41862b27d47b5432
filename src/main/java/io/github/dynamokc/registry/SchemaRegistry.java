package io.github.dynamokc.registry;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.RegistryConfig;
import io.github.dynamokc.struct.ColumnRegistry;
import io.github.dynamokc.struct.SchemaSubject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a schema registry. What may pass (no answer, 5xx, 429) is tried again with back-off until it
 * succeeds, the work is stopped, or the deadline is reached. Thread-safe. There is nothing to
 * close: the client's thread ends when nothing refers to the client any more.
 */
public final class SchemaRegistry {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final String ACCEPT = CONTENT_TYPE;

  private final HttpClient client;
  private final Duration timeout;
  private final String url;
  private final @Nullable String authorization;
  private final Retrier retrier;

  /**
   * Does not connect yet.
   *
   * @param retrier tells for how long what fails is tried again
   * @throws ConnectException if a key store or trust store cannot be read
   */
  public SchemaRegistry(RegistryConfig config, Retrier retrier) {
    this(config, retrier, TIMEOUT);
  }

  /**
   * @param timeout of one call, the body of its answer included
   */
  SchemaRegistry(RegistryConfig config, Retrier retrier, Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .sslContext(Tls.context(config))
            .build();
    this.url = config.url().toString().replaceFirst("/+$", "");
    this.authorization = config.userInfo() == null ? null : basic(config.userInfo());
    this.retrier = retrier;
  }

  /**
   * Where the columns of a topic are agreed about. Converters write values by the subject {@code
   * <topic>-value}, unless they are told otherwise.
   */
  public ColumnRegistry columns(String topic) {
    SchemaSubject claims = new Subject(topic + "-columns");
    SchemaSubject values = new Subject(topic + "-value");
    return new ColumnRegistry() {
      @Override
      public SchemaSubject claims() {
        return claims;
      }

      @Override
      public SchemaSubject values() {
        return values;
      }

      @Override
      public Patience patience() {
        return new RegistryPatience(retrier);
      }
    };
  }

  private final class Subject implements SchemaSubject {
    private final String name;
    private final String path;

    Subject(String name) {
      this.name = name;
      this.path =
          "/subjects/"
              + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20")
              + "/versions";
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<Integer> versions() throws InterruptedException {
      return answer(name, request(path).GET()).versions(url, name);
    }

    @Override
    public Version version(int number) throws InterruptedException {
      return answer(name, request(path + "/" + number).GET()).version(url, name);
    }

    @Override
    public Registration register(String avro) throws InterruptedException {
      HttpRequest.Builder request =
          request(path)
              .header("Content-Type", CONTENT_TYPE)
              .POST(HttpRequest.BodyPublishers.ofString(RegistryResponse.body(avro)));
      return answer(name, request).registration(url, name);
    }
  }

  /** A response that is final. */
  private RegistryResponse answer(String subject, HttpRequest.Builder builder)
      throws InterruptedException {
    HttpRequest request = builder.build();
    return retrier.call(
        () -> {
          RegistryResponse response = ask(request);
          if (response.isRetriable()) {
            throw new NoAnswer(response);
          }
          return response;
        },
        failure -> verdict(subject, failure));
  }

  private Retrier.Verdict verdict(String subject, RuntimeException failure) {
    return failure instanceof NoAnswer none
        ? new Retrier.Verdict.Retry(
            "The schema registry at %s does not answer for %s: %s."
                .formatted(url, subject, none.getMessage()),
            none)
        : new Retrier.Verdict.GiveUp(failure);
  }

  /** A response that may be another one later. */
  private static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NoAnswer(RegistryResponse response) {
      super(response.description());
    }
  }

  private RegistryResponse ask(HttpRequest request) throws InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    try {
      // The time-out of a request ends with the headers of its answer.
      HttpResponse<String> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new RegistryResponse.HttpResponse(response.statusCode(), response.body());
    } catch (TimeoutException e) {
      return new RegistryResponse.Unreachable(
          new HttpTimeoutException("no whole answer within " + timeout.toMillis() + " ms"));
    } catch (ExecutionException e) {
      return new RegistryResponse.Unreachable(
          e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
    } finally {
      answer.cancel(true);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(timeout).header("Accept", ACCEPT);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request;
  }

  private static String basic(Password userInfo) {
    byte[] bytes = userInfo.value().getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}
