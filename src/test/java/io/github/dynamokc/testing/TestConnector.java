package io.github.dynamokc.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.testing.kafka.ConnectRest;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.ConnectorStatus;
import io.github.dynamokc.testing.kafka.RestException;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * A connector of a worker and what a user can see of it: status, task configs, offsets and topics.
 * It ends with the test.
 */
public final class TestConnector implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final JsonMapper JSON = new JsonMapper();

  private final ConnectWorker worker;
  private final String name;

  private TestConnector(ConnectWorker worker, String name) {
    this.worker = worker;
    this.name = name;
  }

  /** Makes the connector on the shared worker and waits until that has heard of it. */
  public static TestConnector start(String name, Map<String, String> config) {
    return start(EndToEnd.worker(), name, config);
  }

  /** As above, on a worker of the test's own. */
  public static TestConnector start(ConnectWorker worker, String name, Map<String, String> config) {
    TestConnector connector = new TestConnector(worker, name);
    connector.configure(config);
    connector.rest().await(name, "appear", PATIENCE, status -> true);
    return connector;
  }

  private ConnectRest rest() {
    return worker.rest();
  }

  /** Gives the connector a new config, which restarts it. */
  public void configure(Map<String, String> config) {
    rest().put(name, config);
  }

  /** Waits until no part has failed and each table has work of this kind in some task. */
  public List<TaskAssignment> awaitWork(Class<? extends TableWork> kind, String... tables) {
    return awaitWork(PATIENCE, kind, tables);
  }

  /** The same with another patience. */
  public List<TaskAssignment> awaitWork(
      Duration patience, Class<? extends TableWork> kind, String... tables) {
    AtomicReference<List<TaskAssignment>> seen = new AtomicReference<>(List.of());
    rest()
        .await(
            name,
            "give out " + kind.getSimpleName(),
            patience,
            status -> {
              throwIfFailed(status);
              seen.set(assignments());
              return List.of(tables).stream().allMatch(table -> has(seen.get(), kind, table))
                  && status.runs(seen.get().size());
            });
    return seen.get();
  }

  /** Waits until each table follows its stream. */
  public void awaitStreaming(String... tables) {
    awaitWork(TableWork.ReadShards.class, tables);
  }

  private static void throwIfFailed(ConnectorStatus status) {
    if (status.failed()) {
      throw new AssertionError("A part failed. " + status.describe());
    }
  }

  private static boolean has(
      List<TaskAssignment> tasks, Class<? extends TableWork> kind, String table) {
    return tasks.stream()
        .flatMap(task -> task.work().stream())
        .anyMatch(work -> kind.isInstance(work) && work.table().equals(table));
  }

  /** What the tasks have to do at the moment. */
  public List<TaskAssignment> assignments() {
    List<TaskAssignment> assignments = new ArrayList<>();
    for (JsonNode task : rest().tasks(name)) {
      assignments.add(
          TaskAssignment.fromConfig(task.path("config").path(TaskAssignment.CONFIG_KEY).asText()));
    }
    return assignments;
  }

  public ConnectorStatus status() {
    return rest().status(name);
  }

  /** Waits for a failure of the connector or a task, and gives its stack traces. */
  public String awaitFailure() {
    return rest().awaitFailed(name, PATIENCE).traces();
  }

  /** Waits until the connector is in this state, for instance RUNNING or FAILED. */
  public ConnectorStatus awaitState(String state) {
    return rest().awaitState(name, state, PATIENCE);
  }

  /** Waits until the connector has asked DynamoDB about its table so many times more. */
  public void awaitLooksAt(String table, int times) {
    long before = looksAt(table);
    rest().await(name, "look again", PATIENCE, status -> looksAt(table) >= before + times);
  }

  private static long looksAt(String table) {
    return EndToEnd.aws().front().requests().stream()
        .filter(request -> request.action().equals("DescribeTable"))
        .filter(request -> request.body().path("TableName").asText().endsWith(table))
        .count();
  }

  public void stop() {
    rest().stop(name);
    rest().await(name, "stop", PATIENCE, s -> s.state().equals("STOPPED") && s.tasks().isEmpty());
  }

  public void resume() {
    rest().resume(name);
  }

  /** Waits until connector and tasks are paused. */
  public void pause() {
    rest().pause(name);
    rest()
        .await(
            name,
            "pause",
            PATIENCE,
            s ->
                s.state().equals("PAUSED")
                    && s.tasks().stream().allMatch(task -> task.state().equals("PAUSED")));
  }

  /** Restarts the connector, not its tasks; comes back when it runs, as FAILED lingers on. */
  public void restart() {
    rest().restart(name);
    awaitState("RUNNING");
  }

  public Map<JsonNode, JsonNode> offsets() {
    return rest().offsets(name);
  }

  /** Waits until the committed offsets are as they should be. */
  public void awaitOffsets(String what, Predicate<Map<JsonNode, JsonNode>> condition) {
    rest().await(name, what, PATIENCE, status -> condition.test(offsets()));
  }

  /** Waits until the offset of a table, file or shard is there and as it should be. */
  public void awaitOffset(String kind, String id, Predicate<JsonNode> condition) {
    awaitOffsets(
        "commit what is awaited of " + kind + " " + id,
        offsets -> {
          JsonNode offset = offset(offsets, kind, id);
          return !offset.isMissingNode() && condition.test(offset);
        });
  }

  /** The committed offset of a table, file or shard; a missing node without one. */
  public JsonNode offset(String kind, String id) {
    return offset(offsets(), kind, id);
  }

  private static JsonNode offset(Map<JsonNode, JsonNode> offsets, String kind, String id) {
    List<JsonNode> found =
        offsets.entrySet().stream()
            .filter(offset -> isOf(offset.getKey(), kind, id))
            .map(Map.Entry::getValue)
            .toList();
    if (found.size() > 1) {
      throw new IllegalStateException("Several offsets of " + kind + " " + id + ": " + offsets);
    }
    return found.isEmpty() ? MissingNode.getInstance() : found.get(0);
  }

  private static boolean isOf(JsonNode partition, String kind, String id) {
    return partition.path("kind").asText().equals(kind) && partition.path(kind).asText().equals(id);
  }

  /** Sets one field of a committed offset of the stopped connector, as a user may. */
  public void alterOffset(String kind, String id, String field, long value) {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode changed = body.putArray("offsets");
    offsets()
        .forEach(
            (partition, offset) -> {
              if (isOf(partition, kind, id)) {
                ObjectNode pair = changed.addObject();
                pair.set("partition", partition);
                pair.set("offset", ((ObjectNode) offset.deepCopy()).put(field, value));
              }
            });
    if (changed.size() != 1) {
      throw new IllegalStateException("No offset of " + kind + " " + id + " in " + offsets());
    }
    rest().alterOffsets(name, body);
  }

  /** The status records so far. */
  public List<JsonNode> statusRecords() {
    return TopicReader.readAll(EndToEnd.kafka().bootstrapServers(), statusTopic()).stream()
        .map(TestConnector::json)
        .toList();
  }

  /** The status records of this type so far. */
  public List<JsonNode> statusRecords(String type) {
    return statusRecords().stream()
        .filter(status -> status.path("type").asText().equals(type))
        .toList();
  }

  /** Waits for a status record of a table. */
  public void awaitStatusRecord(String type, String table) {
    awaitStatusRecord(type, status -> status.path("table").asText().equals(table));
  }

  /** Waits for a status record of a type that this is true of. */
  public void awaitStatusRecord(String type, Predicate<JsonNode> wanted) {
    awaitRecords(
        statusTopic(),
        records ->
            records.stream()
                .map(TestConnector::json)
                .filter(status -> status.path("type").asText().equals(type))
                .anyMatch(wanted));
  }

  private String statusTopic() {
    return name + "-status";
  }

  /** Waits until the topic has so many records, or more, and gives all. */
  public List<TopicRecord> awaitRecords(String topic, int atLeast) {
    return awaitRecords(topic, records -> records.size() >= atLeast);
  }

  /** Waits until a topic is as it should be; a failure of the connector ends the wait. */
  public List<TopicRecord> awaitRecords(String topic, Predicate<List<TopicRecord>> enough) {
    try {
      return Steps.await(
          topic,
          PATIENCE,
          records -> {
            if (enough.test(records)) {
              return true;
            }
            throwIfKnownToHaveFailed();
            return false;
          });
    } catch (AssertionError | IllegalStateException e) {
      throw new AssertionError(status().describe() + "\n" + worker.logTail(), e);
    }
  }

  /** A worker that has just started knows no state of its connectors for a moment. */
  private void throwIfKnownToHaveFailed() {
    ConnectorStatus known;
    try {
      known = status();
    } catch (RestException e) {
      if (e.status() == 404) {
        return;
      }
      throw e;
    }
    throwIfFailed(known);
  }

  /** The topic as it is now. */
  public static List<TopicRecord> records(String topic) {
    return TopicReader.readAll(EndToEnd.kafka().bootstrapServers(), topic);
  }

  private static JsonNode json(TopicRecord record) {
    try {
      return JSON.readTree(Objects.requireNonNull(record.value()));
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + record, e);
    }
  }

  @Override
  public void close() {
    rest().delete(name);
  }
}
