package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code table.<name>.<key>} and {@code table.<expression>.<key>}.
 *
 * <p>Names and expressions may contain dots: the longest known key at the end is the key, and what
 * is between is a name if a table can have it, otherwise a regular expression for whole names. For
 * each key of a table its name comes first, then the longest expression, then the first by text.
 */
final class TableOverrides {
  static final String PREFIX = "table.";
  private static final List<String> OVERRIDABLE =
      List.of("export.", "stream.", "snapshot.", "topic.");

  /** Of the task, not of one of its tables. */
  private static final Set<String> OF_THE_TASK =
      Set.of(
          StreamConfig.POLL_THREADS,
          StreamConfig.DESCRIBE_RATE_MAX,
          SnapshotConfig.FILE_CONCURRENCY);

  /** What matches each name that a table can have. */
  private static final Set<String> ALL = Set.of(".*", ".+");

  private static final Comparator<Overriding> STRONGEST_FIRST =
      Comparator.comparing((Overriding each) -> each.pattern != null)
          .thenComparing(each -> each.selector.length(), Comparator.reverseOrder())
          .thenComparing(each -> each.selector);

  private final Map<String, String> props;
  private final Set<String> known = ConnectorConfig.definition().names();
  private final List<Overriding> overrides;

  /**
   * A setting for some tables.
   *
   * @param key as the user wrote it
   * @param selector the name or expression in it
   * @param pattern the expression, null for a name
   * @param setting the overridden key
   */
  private record Overriding(
      String key, String selector, @Nullable NamePattern pattern, String setting) {
    boolean isFor(String table) {
      return pattern == null ? selector.equals(table) : pattern.matches(table);
    }
  }

  TableOverrides(Map<String, String> props) {
    this.props = props;
    this.overrides =
        overrideKeys()
            .map(key -> new Split(key, settingOf(key)))
            .filter(split -> isOverridable(split.setting))
            .flatMap(TableOverrides::read)
            .sorted(STRONGEST_FIRST)
            .toList();
  }

  /** A key in its parts; the setting is empty if the key ends in none that is known. */
  private record Split(String key, String setting) {
    String selector() {
      return key.substring(PREFIX.length(), key.length() - setting.length() - 1);
    }
  }

  private static Stream<Overriding> read(Split split) {
    String selector = split.selector();
    try {
      NamePattern pattern = TableRef.isName(selector) ? null : NamePattern.of(selector);
      return Stream.of(new Overriding(split.key, selector, pattern, split.setting));
    } catch (PatternSyntaxException reported) {
      return Stream.empty();
    }
  }

  /** What holds for a table. */
  View of(String table) {
    return new View(overrides.stream().filter(each -> each.isFor(table)).toList());
  }

  /** What holds for each table that was selected by a text, whatever its name is. */
  View ofAll(@Nullable String selector) {
    return new View(
        overrides.stream()
            .filter(each -> each.selector.equals(selector) || ALL.contains(each.selector))
            .toList());
  }

  /** The names and expressions that there are overrides for, sorted. */
  List<String> selectors() {
    return overrides.stream().map(Overriding::selector).distinct().sorted().toList();
  }

  /** The connector's settings as they are for some tables. */
  final class View {
    private final Map<String, Overriding> bySetting = new HashMap<>();

    private View(List<Overriding> strongestFirst) {
      strongestFirst.forEach(each -> bySetting.putIfAbsent(each.setting, each));
    }

    /**
     * The settings.
     *
     * @throws ConfigException if one is bad
     */
    TableSettings settings() {
      Map<String, String> overlaid = new HashMap<>(props);
      bySetting.forEach((setting, each) -> overlaid.put(setting, props.getOrDefault(each.key, "")));
      return TableSettings.from(new AbstractConfig(TableConfig.settings(), overlaid, false));
    }

    /** The key that the user wrote: the override if there is one, otherwise the connector's. */
    String keyOf(String key) {
      Overriding override = bySetting.get(key);
      return override == null ? key : override.key;
    }
  }

  /** What is wrong with the overrides, each by itself. */
  List<ConfigProblem> problems(TableSelection selection) {
    ConfigDef settings = TableConfig.settings();
    List<ConfigProblem> problems = new ArrayList<>();
    overrideKeys()
        .sorted()
        .forEach(
            key -> {
              String problem = problem(key, settings, selection);
              if (problem != null) {
                problems.add(new ConfigProblem(key, problem));
              }
            });
    return problems;
  }

  private @Nullable String problem(String key, ConfigDef settings, TableSelection selection) {
    String setting = settingOf(key);
    if (setting.isEmpty()) {
      return "must be table.<name>.<key> with a key that can be set for one table (%s), ends in none"
          .formatted(overridable());
    }
    String selector = new Split(key, setting).selector();
    if (!TableRef.isName(selector)) {
      try {
        NamePattern.of(selector);
      } catch (PatternSyntaxException e) {
        return "must be for a name or regular expression, is for " + NamePattern.describe(e);
      }
    }
    if (!selectsAny(selector, selection)) {
      return "must be for a table of '%s'%s, is for none of %s"
          .formatted(
              TableConfig.TABLES,
              selection.discovers() ? " or one that can be discovered" : "",
              selection.named().stream().map(TableRef::name).toList());
    }
    ConfigDef.ConfigKey definition = settings.configKeys().get(setting);
    if (definition == null || !isOverridable(setting)) {
      return "must be a key that can be set for one table (%s), is %s"
          .formatted(overridable(), setting);
    }
    return ValueCheck.problem(definition, key, props.get(key)).orElse(null);
  }

  /** A name can be told to be of no table; of an expression that is certain for named ones only. */
  private static boolean selectsAny(String selector, TableSelection selection) {
    if (TableRef.isName(selector)) {
      return selection.names(selector) || selection.matchesName(selector);
    }
    NamePattern pattern = NamePattern.of(selector);
    return selection.discovers()
        || selection.named().stream().anyMatch(table -> pattern.matches(table.name()));
  }

  /** Whether a key names a setting that a table can have, none of which is a secret. */
  static boolean endsInOverridable(String key) {
    return ConnectorConfig.definition().names().stream()
        .filter(TableOverrides::isOverridable)
        .anyMatch(name -> key.endsWith("." + name));
  }

  private static boolean isOverridable(String setting) {
    return OVERRIDABLE.stream().anyMatch(setting::startsWith) && !OF_THE_TASK.contains(setting);
  }

  private static String overridable() {
    return String.join("…, ", OVERRIDABLE) + "…";
  }

  /** {@code table.on.failure} begins as an override does. */
  private Stream<String> overrideKeys() {
    return props.keySet().stream()
        .filter(
            key ->
                key.startsWith(PREFIX)
                    && !known.contains(key)
                    && !UnknownKeys.isOfAnotherConnector(key));
  }

  /** The longest known key at the end, with a name or expression before it; empty if none. */
  private String settingOf(String key) {
    return known.stream()
        .filter(
            name -> key.endsWith("." + name) && key.length() > PREFIX.length() + 1 + name.length())
        .max(Comparator.comparingInt(String::length))
        .orElse("");
  }
}
