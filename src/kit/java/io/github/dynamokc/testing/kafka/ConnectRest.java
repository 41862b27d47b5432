package io.github.dynamokc.testing.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The REST interface of a worker. A request that meets a rebalance (409), or a config for whose
 * check the time was too short, is repeated for up to a minute; any other error is a {@link
 * RestException} with the worker's text.
 */
public final class ConnectRest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern OUT_OF_TIME =
      Pattern.compile(
          "gave no answer to|no credentials were found within|Client execution did not complete");
  private static final Duration REBALANCE = Duration.ofMinutes(1);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI worker;

  public ConnectRest(URI worker) {
    this.worker = worker;
  }

  /** Makes a connector from the body that users POST: {@code name} and {@code config}. */
  public JsonNode post(JsonNode body) {
    return send("POST", "/connectors", body);
  }

  /** Makes a connector or gives it a new config. */
  public JsonNode put(String connector, Map<String, String> config) {
    return send("PUT", path(connector, "/config"), JSON.valueToTree(config));
  }

  /** The number of config errors and each config with its errors, for a class and a config. */
  public JsonNode validate(String connectorClass, Map<String, String> config) {
    return send(
        "PUT",
        "/connector-plugins/" + connectorClass + "/config/validate",
        JSON.valueToTree(config));
  }

  /** The worker's version of Kafka. */
  public String version() {
    return send("GET", "/", null).path("version").asText();
  }

  /** The connectors that the worker found on its plugin path and class path. */
  public JsonNode plugins() {
    return send("GET", "/connector-plugins", null);
  }

  /** Converters, transforms and all other plugins besides. */
  public JsonNode allPlugins() {
    return send("GET", "/connector-plugins?connectorsOnly=false", null);
  }

  public ConnectorStatus status(String connector) {
    return ConnectorStatus.of(send("GET", path(connector, "/status"), null));
  }

  /** The offsets that are committed, by partition. Throws if the worker cannot tell. */
  public Map<JsonNode, JsonNode> offsets(String connector) {
    JsonNode offsets = send("GET", path(connector, "/offsets"), null).path("offsets");
    return StreamSupport.stream(offsets.spliterator(), false)
        .collect(Collectors.toMap(pair -> pair.path("partition"), pair -> pair.path("offset")));
  }

  /** Changes offsets of a stopped connector; the body is that of Connect's PATCH. */
  public JsonNode alterOffsets(String connector, JsonNode body) {
    return send("PATCH", path(connector, "/offsets"), body);
  }

  /** Forgets the offsets of a stopped connector. */
  public JsonNode resetOffsets(String connector) {
    return send("DELETE", path(connector, "/offsets"), null);
  }

  /** The tasks with their configs. */
  public JsonNode tasks(String connector) {
    return send("GET", path(connector, "/tasks"), null);
  }

  /** Restarts the connector and all its tasks. */
  public JsonNode restart(String connector) {
    return send("POST", path(connector, "/restart?includeTasks=true"), null);
  }

  public void pause(String connector) {
    send("PUT", path(connector, "/pause"), null);
  }

  public void resume(String connector) {
    send("PUT", path(connector, "/resume"), null);
  }

  public void stop(String connector) {
    send("PUT", path(connector, "/stop"), null);
  }

  /** Deletes the connector and waits until nothing of it runs; its offsets stay. */
  public void delete(String connector) {
    send("DELETE", path(connector, ""), null);
    Eventually.within(REBALANCE, "the end of " + connector).until(() -> !exists(connector));
  }

  private boolean exists(String connector) {
    try {
      status(connector);
      return true;
    } catch (RestException e) {
      if (e.status() == 404) {
        return false;
      }
      throw e;
    }
  }

  /** Waits until connector and exactly {@code tasks} tasks run; a failed one ends the wait. */
  public ConnectorStatus awaitRunning(String connector, int tasks, Duration timeout) {
    return await(
        connector,
        "run with " + tasks + " tasks",
        timeout,
        status -> {
          if (status.failed()) {
            throw new IllegalStateException("A part failed. " + status.describe());
          }
          return status.runs(tasks);
        });
  }

  /** Waits until the connector or a task has failed. */
  public ConnectorStatus awaitFailed(String connector, Duration timeout) {
    return await(connector, "fail", timeout, ConnectorStatus::failed);
  }

  /** Waits until the connector is in a state, for instance STOPPED. */
  public ConnectorStatus awaitState(String connector, String state, Duration timeout) {
    return await(connector, "be " + state, timeout, status -> status.state().equals(state));
  }

  /** Waits until the status is as it should be; a worker that does not answer is waited for. */
  public ConnectorStatus await(
      String connector, String what, Duration timeout, Predicate<ConnectorStatus> condition) {
    return Eventually.within(timeout, connector + " to " + what)
        .ignoring(e -> e instanceof RestException || e instanceof UncheckedIOException)
        .until(() -> status(connector), condition, ConnectorStatus::describe);
  }

  /** Sets how much a logger of the worker tells, until the worker ends. */
  public void logLevel(String logger, String level) {
    send("PUT", "/admin/loggers/" + logger, JSON.createObjectNode().put("level", level));
  }

  /** The text that the worker answers to a request for one of its resources. */
  public String text(String path) {
    return send("GET", path, null).toString();
  }

  /** Whether the worker is up and in its group. */
  boolean answers() {
    try {
      send("GET", "/connectors", null);
      return true;
    } catch (UncheckedIOException | RestException e) {
      return false;
    }
  }

  private static String path(String connector, String rest) {
    return "/connectors/" + connector + rest;
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(worker.resolve(path))
            .timeout(Duration.ofSeconds(100))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> response =
        Eventually.within(REBALANCE, "an answer to " + method + " " + path)
            .lastOf(() -> send(request), answer -> !isRebalance(answer) && !isOutOfTime(answer));
    if (response.statusCode() / 100 != 2) {
      throw new RestException(
          response.statusCode(),
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new RestException(response.statusCode(), "No JSON: " + response.body());
    }
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking " + request.uri(), e);
    }
  }

  /** A worker that has just started on a busy machine is slower than its preflight may take. */
  private static boolean isOutOfTime(HttpResponse<String> response) {
    return response.statusCode() == 400 && OUT_OF_TIME.matcher(response.body()).find();
  }

  /** A connector that exists already is a 409 too. */
  private static boolean isRebalance(HttpResponse<String> response) {
    return response.statusCode() == 409 && response.body().contains("rebalance");
  }
}
