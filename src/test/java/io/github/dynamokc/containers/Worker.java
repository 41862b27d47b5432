package io.github.dynamokc.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.kafka.ConnectRest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** A container of the worker's image. It can be killed and started again as it is. */
final class Worker implements AutoCloseable {
  private static final int REST = 8083;
  private static final int METRICS = 9404;
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int STOP_SECONDS = 60;

  private final HttpClient http = HttpClient.newHttpClient();
  private final GenericContainer<?> container;

  private Worker(GenericContainer<?> container) {
    this.container = container;
  }

  /** Comes back when the image's own health check says so. */
  static Worker start(
      ImageFromDockerfile image, Network network, String group, Map<String, String> environment) {
    GenericContainer<?> container =
        Loopback.publish(new GenericContainer<>(image), REST, METRICS)
            .withNetwork(network)
            .withEnv("KAFKA_HEAP_OPTS", "-Xmx512m")
            .withEnv("CONNECT_GROUP_ID", group)
            .withEnv("CONNECT_OFFSET_STORAGE_TOPIC", group + "-offsets")
            .withEnv("CONNECT_OFFSET_STORAGE_PARTITIONS", "3")
            .withEnv("CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR", "1")
            .withEnv("CONNECT_OFFSET_FLUSH_INTERVAL_MS", "500")
            .withEnv("CONNECT_CONFIG_STORAGE_TOPIC", group + "-configs")
            .withEnv("CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR", "1")
            .withEnv("CONNECT_STATUS_STORAGE_TOPIC", group + "-status")
            .withEnv("CONNECT_STATUS_STORAGE_PARTITIONS", "1")
            .withEnv("CONNECT_STATUS_STORAGE_REPLICATION_FACTOR", "1")
            // A worker that was killed is not waited for.
            .withEnv("CONNECT_SESSION_TIMEOUT_MS", "6000")
            .withEnv("CONNECT_HEARTBEAT_INTERVAL_MS", "1000")
            .withEnv("CONNECT_SCHEDULED_REBALANCE_MAX_DELAY_MS", "1000")
            .withEnv(environment)
            .waitingFor(Wait.forHealthcheck().withStartupTimeout(START));
    container.start();
    return new Worker(container);
  }

  ConnectRest rest() {
    return new ConnectRest(URI.create("http://" + Loopback.address(container, REST)));
  }

  /** What Prometheus gets to see, once there is some metric of that prefix. */
  String awaitMetrics(String prefix) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://" + Loopback.address(container, METRICS) + "/metrics"))
            .timeout(START)
            .build();
    return Eventually.within(START, "metrics of " + prefix)
        .every(PAUSE)
        .until(
            () -> metrics(request),
            metrics -> metrics.lines().anyMatch(line -> line.startsWith(prefix)));
  }

  private String metrics(HttpRequest request) {
    HttpResponse<String> response = send(request);
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          "No metrics: %d %s".formatted(response.statusCode(), response.body()));
    }
    return response.body();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** SIGKILL: no task is stopped, no offset flushed. */
  void kill() {
    docker().killContainerCmd(container.getContainerId()).exec();
    await("end", state -> !Boolean.TRUE.equals(state.getRunning()));
  }

  /** Starts the same container again; comes back when it is healthy. */
  void restart() {
    docker().startContainerCmd(container.getContainerId()).exec();
    await(
        "be healthy",
        state -> state.getHealth() != null && "healthy".equals(state.getHealth().getStatus()));
  }

  /** SIGTERM, and SIGKILL after a minute; gives the exit code. */
  long stop() {
    docker().stopContainerCmd(container.getContainerId()).withTimeout(STOP_SECONDS).exec();
    Long code = container.getCurrentContainerInfo().getState().getExitCodeLong();
    if (code == null) {
      throw new IllegalStateException("The worker has no exit code");
    }
    return code;
  }

  /** What a command in the container prints. */
  String run(String... command) {
    try {
      ExecResult result = container.execInContainer(command);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + result.getStderr());
      }
      return result.getStdout().strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** The last 80 lines of the log. */
  String logTail() {
    String[] lines = container.getLogs().split("\n", -1);
    int from = Math.max(0, lines.length - 80);
    return String.join("\n", Arrays.asList(lines).subList(from, lines.length));
  }

  private interface Condition {
    boolean holds(InspectContainerResponse.ContainerState state);
  }

  private void await(String what, Condition condition) {
    Eventually.within(START, "the worker to " + what)
        .every(PAUSE)
        .until(
            () -> container.getCurrentContainerInfo().getState(),
            condition::holds,
            state -> state + "\n" + logTail());
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  @Override
  public void close() {
    container.close();
  }
}
