package io.github.dynamokc.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Which tables a connector reads: those that are named, and those that are discovered by their
 * names or tags, now or later.
 *
 * @param named the tables that are named, in the order given; may be empty if tables are discovered
 * @param include what names of discovered tables match one of; empty for any name if there are tags
 * @param exclude what names of discovered tables match none of
 * @param tags what discovered tables have, all of them; may be empty
 * @param interval how often tables are looked for
 * @param max how many tables may be discovered, at least 1
 */
public record TableSelection(
    List<TableRef> named,
    List<NamePattern> include,
    List<NamePattern> exclude,
    List<TagFilter> tags,
    Duration interval,
    int max) {
  public static final String INCLUDE = "tables.include";
  public static final String EXCLUDE = "tables.exclude";
  public static final String TAGS = "tables.tags";
  public static final String INTERVAL_MS = "tables.discovery.interval.ms";
  public static final String MAX = "tables.max";

  /** So many the tagging API takes in one request. */
  private static final int MOST_TAGS = 50;

  public TableSelection {
    named = List.copyOf(named);
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    tags = List.copyOf(tags);
  }

  static TableSelection from(AbstractConfig config) {
    return new TableSelection(
        config.getList(TableConfig.TABLES).stream().map(TableRef::parse).toList(),
        config.getList(INCLUDE).stream().map(NamePattern::of).toList(),
        config.getList(EXCLUDE).stream().map(NamePattern::of).toList(),
        config.getList(TAGS).stream()
            .map(text -> Objects.requireNonNull(TagFilter.parse(text)))
            .toList(),
        ConfigValues.millis(config, INTERVAL_MS),
        config.getInt(MAX));
  }

  /** Whether tables are looked for beside those that are named. */
  public boolean discovers() {
    return !include.isEmpty() || !tags.isEmpty();
  }

  /**
   * Whether a table of this name is discovered, as far as its name tells: if there are tags, it
   * must have them besides. Whether it is named too makes no difference.
   */
  public boolean matchesName(String name) {
    return discovers()
        && (include.isEmpty() || include.stream().anyMatch(pattern -> pattern.matches(name)))
        && exclude.stream().noneMatch(pattern -> pattern.matches(name));
  }

  /** Whether a table is among those that are named. */
  public boolean names(String name) {
    return named.stream().anyMatch(table -> table.name().equals(name));
  }

  static void checkNamed(String name, @Nullable Object value) {
    Set<String> names = new HashSet<>();
    Set<String> regions = new HashSet<>();
    for (String text : texts(value)) {
      TableRef table = table(name, text);
      if (!names.add(table.name())) {
        throw InvalidValueException.of(
            name, "must name each table once, and names " + table.name() + " twice", value);
      }
      if (table.region() != null && regions.add(table.region()) && regions.size() > 1) {
        throw InvalidValueException.of(
            name, "must be of one region, with one connector for each region", value);
      }
    }
  }

  static void checkPatterns(String name, @Nullable Object value) {
    Set<String> seen = new HashSet<>();
    String mustBe = "must be regular expressions for whole names of tables, separated by commas";
    for (String text : texts(value)) {
      if (text.isBlank()) {
        throw InvalidValueException.of(name, mustBe + ", none of them empty", value);
      }
      if (!seen.add(text)) {
        throw InvalidValueException.of(name, mustBe + ", each of them once", value);
      }
      try {
        NamePattern.of(text);
      } catch (PatternSyntaxException e) {
        throw InvalidValueException.unshown(name, mustBe + ", is " + NamePattern.describe(e));
      }
    }
  }

  static void checkTags(String name, @Nullable Object value) {
    List<String> texts = texts(value);
    Set<String> keys = new HashSet<>();
    for (String text : texts) {
      TagFilter tag = TagFilter.parse(text);
      if (tag == null) {
        throw InvalidValueException.of(name, "must be " + TagFilter.FORMS, value);
      }
      if (!keys.add(tag.key())) {
        throw InvalidValueException.of(
            name, "must have each key once, as a table must have all of these tags", value);
      }
    }
    if (texts.size() > MOST_TAGS) {
      throw InvalidValueException.of(name, "must be at most " + MOST_TAGS + " tags", value);
    }
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(Object::toString).toList() : List.of();
  }

  private static TableRef table(String name, String text) {
    try {
      return TableRef.parse(text);
    } catch (ConfigException e) {
      throw InvalidValueException.of(name, "must be " + TableRef.FORMS, text);
    }
  }
}
