package io.github.dynamokc.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.ConnectorStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A connector at work. It ends with the measurement. */
final class BenchConnector implements AutoCloseable {
  private static final Duration APPEARANCE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration LOOK_FOR_FAILURES = Duration.ofSeconds(1);

  private final ConnectWorker worker;
  private final String name;

  private BenchConnector(ConnectWorker worker, String name) {
    this.worker = worker;
    this.name = name;
  }

  /**
   * Makes the connector and comes back when the worker has heard of it.
   *
   * @param name also names the status topic
   */
  static BenchConnector start(ConnectWorker worker, String name, Map<String, String> config) {
    worker.rest().put(name, config);
    worker.rest().await(name, "appear", APPEARANCE, status -> true);
    return new BenchConnector(worker, name);
  }

  /**
   * The same with offsets, as if it had run before.
   *
   * @param offsets the body of Connect's PATCH
   */
  static BenchConnector start(
      ConnectWorker worker, String name, Map<String, String> config, JsonNode offsets) {
    ObjectMapper json = new ObjectMapper();
    ObjectNode body = json.createObjectNode().put("name", name).put("initial_state", "STOPPED");
    body.set("config", json.valueToTree(config));
    worker.rest().post(body);
    worker.rest().awaitState(name, "STOPPED", APPEARANCE);
    worker.rest().alterOffsets(name, offsets);
    worker.rest().resume(name);
    return new BenchConnector(worker, name);
  }

  /** Waits until each shard of the stream was read {@code times} times. */
  void awaitReads(EmulatedAws aws, ScriptedStream stream, int times, Duration timeout)
      throws InterruptedException {
    int shards = stream.openShards().size();
    await(
        "read each of the shards " + times + " times",
        timeout,
        () -> aws.reads(stream).values().stream().filter(n -> n >= times).count() == shards);
  }

  /** Waits until each open shard of the stream was read. */
  void awaitReads(EmulatedAws aws, ScriptedStream stream, Duration timeout)
      throws InterruptedException {
    List<String> open = stream.openShards();
    await(
        "read each of the open shards",
        timeout,
        () -> aws.firstReads(stream).keySet().containsAll(open));
  }

  /** Waits until {@code condition} holds; a failure of the connector ends the wait. */
  void await(String what, Duration timeout, BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    long looked = start;
    while (!condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (now - looked > LOOK_FOR_FAILURES.toNanos()) {
        looked = now;
        throwIfFailed();
      }
      if (now - start > timeout.toNanos()) {
        throw new IllegalStateException(
            "%s did not %s within %s%n%s".formatted(name, what, timeout, worker.logTail()));
      }
      Lab.pause(LOOK);
    }
  }

  private void throwIfFailed() {
    ConnectorStatus status = worker.rest().status(name);
    if (status.failed()) {
      throw new IllegalStateException("A part failed. " + status.describe());
    }
  }

  /** The length of the largest task config, of which Kafka takes only about a megabyte. */
  int longestTaskConfig() {
    int longest = 0;
    for (var task : worker.rest().tasks(name)) {
      longest = Math.max(longest, task.path("config").toString().length());
    }
    return longest;
  }

  @Override
  public void close() {
    worker.rest().delete(name);
  }
}
