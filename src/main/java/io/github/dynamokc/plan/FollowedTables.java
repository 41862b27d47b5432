package io.github.dynamokc.plan;

import java.util.List;
import java.util.Map;

/**
 * The tables that the connector follows, in the config of each task. The first task commits them:
 * what is deleted while the connector is away is not found any more.
 */
public final class FollowedTables {
  private static final String KEY = "dynamokc.task.tables";

  private FollowedTables() {}

  /** What of a task's config tells the tables. */
  public static Map<String, String> toConfig(List<String> tables) {
    return Map.of(KEY, String.join(" ", tables));
  }

  /** The tables of a task's config, sorted; none if the config of the connector names them all. */
  public static List<String> fromConfig(Map<String, String> config) {
    String text = config.getOrDefault(KEY, "").strip();
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
