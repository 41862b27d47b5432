package io.github.dynamokc.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * All the work of one task. It travels in the task's config, and a task does what stands there and
 * nothing else: ownership is a function of the task config alone, which is what Connect fences.
 */
public record TaskAssignment(List<TableWork> work) {
  /** The key of a task config that holds its assignment. */
  public static final String CONFIG_KEY = "dynamokc.task.assignment";

  private static final ObjectMapper JSON = new ObjectMapper();

  public TaskAssignment {
    work = List.copyOf(work);
  }

  public String toConfig() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An assignment is always JSON", e);
    }
  }

  /**
   * @throws IllegalArgumentException if {@code text} was not made by {@link #toConfig()}
   */
  public static TaskAssignment fromConfig(String text) {
    try {
      return JSON.readValue(text, TaskAssignment.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          CONFIG_KEY + " was not written by the connector: " + e.getOriginalMessage(), e);
    }
  }
}
