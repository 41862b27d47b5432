package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** Renders the keys of the connector as the Markdown tables of the README, one a group. */
final class ConfigReference {
  static final String BEGIN = "<!-- config reference -->";
  static final String END = "<!-- /config reference -->";

  private ConfigReference() {}

  static String render(ConfigDef definition) {
    StringBuilder markdown = new StringBuilder();
    for (String group : definition.groups()) {
      markdown
          .append("\n### ")
          .append(group)
          .append("\n\n| key | what it does | type | default | values |\n|---|---|---|---|---|\n");
      definition.configKeys().values().stream()
          .filter(key -> group.equals(key.group))
          .sorted(Comparator.comparingInt(key -> key.orderInGroup))
          .forEach(key -> markdown.append(row(key)));
    }
    return markdown.append('\n').toString();
  }

  /** The text with what stands between the markers replaced. */
  static String replaceIn(String text, String reference) {
    return text.substring(0, text.indexOf(BEGIN) + BEGIN.length())
        + reference
        + text.substring(text.indexOf(END));
  }

  private static String row(ConfigDef.ConfigKey key) {
    List<String> cells = new ArrayList<>();
    cells.add(code(key.name));
    cells.add(key.documentation);
    cells.add(type(key.type));
    cells.add(defaultOf(key));
    cells.add(key.validator == null ? "" : values(key.validator));
    return "| " + String.join(" | ", cells.stream().map(ConfigReference::escape).toList()) + " |\n";
  }

  private static String type(ConfigDef.Type type) {
    return switch (type) {
      case BOOLEAN -> "true or false";
      case INT, SHORT, LONG -> "whole number";
      case PASSWORD -> "secret";
      case LIST -> "list";
      case STRING -> "text";
      case DOUBLE, CLASS -> throw new IllegalArgumentException("No word for " + type);
    };
  }

  private static String defaultOf(ConfigDef.ConfigKey key) {
    if (!key.hasDefault()) {
      return "*required*";
    }
    Object value = key.defaultValue;
    return value == null || value.toString().isEmpty() ? "" : code(value.toString());
  }

  /** What values a key takes, where its validator can say so in short. */
  private static String values(ConfigDef.Validator validator) {
    return validator instanceof EnumOption || validator instanceof WholeNumber
        ? validator.toString()
        : "";
  }

  private static String escape(String cell) {
    return cell.replace("|", "\\|").replace("<", "&lt;").strip();
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
