package io.github.dynamokc.preflight;

import io.github.dynamokc.config.ConfigProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that will not work.
 *
 * @param key the key to blame
 * @param kind what is wrong, the same for all tables that it is wrong with
 * @param subject the table or bucket that it was found at
 * @param message what is wrong in words; never a secret
 */
record CheckFailure(String key, String kind, String subject, String message) {
  private static final int MAX_NAMED = 5;

  /** One problem for each thing that is wrong with a key, however many tables have it. */
  static List<ConfigProblem> problems(List<CheckFailure> findings) {
    Map<List<String>, List<CheckFailure>> alike = new LinkedHashMap<>();
    for (CheckFailure finding : findings) {
      alike
          .computeIfAbsent(List.of(finding.key, finding.kind), group -> new ArrayList<>())
          .add(finding);
    }
    return alike.values().stream().map(CheckFailure::problem).toList();
  }

  private static ConfigProblem problem(List<CheckFailure> alike) {
    CheckFailure first = alike.get(0);
    List<String> others =
        alike.stream()
            .map(CheckFailure::subject)
            .distinct()
            .filter(s -> !s.equals(first.subject))
            .toList();
    if (others.isEmpty()) {
      return new ConfigProblem(first.key, first.message);
    }
    int named = Math.min(MAX_NAMED, others.size());
    return new ConfigProblem(
        first.key,
        first.message
            + " The same holds for "
            + String.join(", ", others.subList(0, named))
            + (named < others.size() ? " and " + (others.size() - named) + " more." : "."));
  }
}
