package io.github.dynamokc.testing.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker says of a connector and its tasks.
 *
 * @param state RUNNING, FAILED, PAUSED, STOPPED, RESTARTING, UNASSIGNED
 * @param trace empty unless the connector failed
 */
public record ConnectorStatus(String name, String state, String trace, List<Task> tasks) {

  /**
   * One task.
   *
   * @param worker host and port of its worker's REST interface
   * @param trace empty unless the task failed
   */
  public record Task(int id, String state, String worker, String trace) {}

  static ConnectorStatus of(JsonNode json) {
    List<Task> tasks = new ArrayList<>();
    for (JsonNode task : json.path("tasks")) {
      tasks.add(
          new Task(
              task.path("id").asInt(),
              task.path("state").asText(),
              task.path("worker_id").asText(),
              task.path("trace").asText()));
    }
    JsonNode connector = json.path("connector");
    return new ConnectorStatus(
        json.path("name").asText(),
        connector.path("state").asText(),
        connector.path("trace").asText(),
        List.copyOf(tasks));
  }

  /** Whether connector and tasks run, and there are just so many of them. */
  public boolean runs(int taskCount) {
    return state.equals("RUNNING")
        && tasks.size() == taskCount
        && tasks.stream().allMatch(task -> task.state().equals("RUNNING"));
  }

  public boolean failed() {
    return state.equals("FAILED") || tasks.stream().anyMatch(task -> task.state().equals("FAILED"));
  }

  /** The traces of all that failed, or empty. */
  public String traces() {
    StringBuilder traces = new StringBuilder(trace);
    tasks.forEach(task -> traces.append(task.trace()));
    return traces.toString();
  }

  /** For messages: a line each for connector and tasks, followed by the trace if there is one. */
  public String describe() {
    StringBuilder text = new StringBuilder(name + ": " + state);
    if (!trace.isEmpty()) {
      text.append('\n').append(trace);
    }
    for (Task task : tasks) {
      text.append("\n  task ").append(task.id()).append(" on ").append(task.worker());
      text.append(": ").append(task.state());
      if (!task.trace().isEmpty()) {
        text.append('\n').append(task.trace());
      }
    }
    return text.toString();
  }
}
