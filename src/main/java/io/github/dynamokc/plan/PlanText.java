package io.github.dynamokc.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A plan as text, with an id that follows from the text and from how many tasks were allowed: parts
 * of different plans never make up one, nor does a plan for another {@code tasks.max}.
 *
 * @param id 32 hexadecimal digits
 * @param assignments of the tasks, in their order
 */
public record PlanText(String id, List<String> assignments) {
  private static final int ID_BYTES = 16;

  public PlanText {
    assignments = List.copyOf(assignments);
  }

  public static PlanText of(Plan plan, int maxTasks) {
    return of(plan.tasks().stream().map(TaskAssignment::toConfig).toList(), maxTasks);
  }

  /**
   * @param assignments as {@link TaskAssignment#toConfig()} wrote them
   */
  public static PlanText of(List<String> assignments, int maxTasks) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((maxTasks + "\n").getBytes(StandardCharsets.UTF_8));
      for (String assignment : assignments) {
        digest.update((assignment.length() + ":" + assignment).getBytes(StandardCharsets.UTF_8));
      }
      return new PlanText(HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES), assignments);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }

  public List<PlannedTask> tasks() {
    return IntStream.range(0, assignments.size())
        .mapToObj(task -> new PlannedTask(task, id, assignments.size(), assignments.get(task)))
        .toList();
  }

  /**
   * The plan itself.
   *
   * @throws IllegalArgumentException if another version wrote it, in a way that is not understood
   */
  public Plan plan() {
    return new Plan(assignments.stream().map(TaskAssignment::fromConfig).toList());
  }
}
