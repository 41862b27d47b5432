package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An IAM policy of Allow statements, without conditions: which action it allows on which resource.
 *
 * @param statements the Statement array
 */
public record IamPolicy(JsonNode statements) {

  public IamPolicy {
    for (JsonNode statement : statements) {
      Set<String> fields = new TreeSet<>();
      statement.fieldNames().forEachRemaining(fields::add);
      if (!fields.equals(Set.of("Action", "Effect", "Resource", "Sid"))
          || !statement.path("Effect").asText().equals("Allow")) {
        throw new IllegalArgumentException("Only Allow statements are understood: " + statement);
      }
    }
  }

  /**
   * Reads a policy.
   *
   * @param instead what to write instead of names that are in the file, such as a bucket's
   */
  public static IamPolicy read(Path file, Map<String, String> instead) {
    try {
      String text = Files.readString(file);
      for (Map.Entry<String, String> name : instead.entrySet()) {
        if (!text.contains(name.getKey())) {
          throw new IllegalArgumentException(file + " does not have " + name.getKey());
        }
        text = text.replace(name.getKey(), name.getValue());
      }
      return new IamPolicy(AwsJson.MAPPER.readTree(text).path("Statement"));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** What this policy or the other one allows. */
  public IamPolicy and(IamPolicy other) {
    ArrayNode both = AwsJson.MAPPER.createArrayNode();
    statements.forEach(both::add);
    other.statements.forEach(both::add);
    return new IamPolicy(both);
  }

  /** All actions that are allowed on something. */
  public Set<String> actions() {
    Set<String> actions = new TreeSet<>();
    statements.forEach(statement -> actions.addAll(texts(statement.path("Action"))));
    return actions;
  }

  /** The same policy, but for an action that it allows now. */
  public IamPolicy without(String action) {
    if (!actions().contains(action)) {
      throw new IllegalArgumentException(action + " is not in " + actions());
    }
    JsonNode fewer = statements.deepCopy();
    for (JsonNode statement : fewer) {
      ArrayNode actions = (ArrayNode) statement.path("Action");
      for (int i = actions.size() - 1; i >= 0; i--) {
        if (actions.get(i).asText().equals(action)) {
          actions.remove(i);
        }
      }
    }
    return new IamPolicy(fewer);
  }

  boolean allows(String action, String resource) {
    for (JsonNode statement : statements) {
      if (texts(statement.path("Action")).contains(action)
          && texts(statement.path("Resource")).stream().anyMatch(p -> fits(p, resource))) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(String pattern, String resource) {
    String[] parts = pattern.split("\\*", -1);
    StringBuilder regex = new StringBuilder(Pattern.quote(parts[0]));
    for (int i = 1; i < parts.length; i++) {
      regex.append(".*").append(Pattern.quote(parts[i]));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(resource).matches();
  }

  private static List<String> texts(JsonNode oneOrMore) {
    List<String> texts = new ArrayList<>();
    if (oneOrMore.isTextual()) {
      texts.add(oneOrMore.asText());
    }
    oneOrMore.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
