package io.github.dynamokc.registry;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.RegistryConfig;
import io.github.dynamokc.struct.SchemaHistory;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
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

  /** Each version mostly has what the one before has. */
  private static final int MOST_EARLIER = 100;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String ACCEPT = "application/vnd.schemaregistry.v1+json";

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

  /** The schemas of a subject, which are asked for each time. */
  public SchemaHistory latest(String subject) {
    return new SchemaHistory() {
      @Override
      public Optional<String> avro() throws InterruptedException {
        return latestAvro(subject);
      }

      @Override
      public List<String> earlier() throws InterruptedException {
        return earlierAvro(subject);
      }
    };
  }

  /**
   * The latest schema of a subject.
   *
   * @return empty if the registry does not have the subject
   * @throws ConnectException if the registry refuses, has no Avro there, or did not answer for too
   *     long
   * @throws InterruptedException if the work is stopped
   */
  public Optional<String> latestAvro(String subject) throws InterruptedException {
    return answer(subject, "/latest").schema(url, subject);
  }

  /**
   * The schemas of a subject before its latest, the newest first, {@value #MOST_EARLIER} at most.
   */
  List<String> earlierAvro(String subject) throws InterruptedException {
    List<Integer> versions = answer(subject, "").versions(url, subject);
    List<String> earlier = new ArrayList<>();
    int last = versions.size() - 1;
    for (int i = last - 1; i >= Math.max(0, last - MOST_EARLIER); i--) {
      answer(subject, "/" + versions.get(i)).schema(url, subject).ifPresent(earlier::add);
    }
    return earlier;
  }

  /** A response that is final. */
  private RegistryResponse answer(String subject, String version) throws InterruptedException {
    HttpRequest request = request(subject, version);
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
            "The schema registry at %s does not tell the latest schema of %s: %s."
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

  private HttpRequest request(String subject, String version) {
    String encoded = URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/subjects/" + encoded + "/versions" + version))
            .timeout(timeout)
            .header("Accept", ACCEPT);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request.build();
  }

  private static String basic(Password userInfo) {
    byte[] bytes = userInfo.value().getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}
