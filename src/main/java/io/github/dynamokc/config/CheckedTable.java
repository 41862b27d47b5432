package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A table whose settings are checked together: one, or any that can be discovered in some way.
 *
 * @param who what messages call it
 * @param isOne whether it is one table, whose name is known
 * @param config its settings; the name is only an example if it is not one
 * @param view where it has them from
 */
record CheckedTable(String who, boolean isOne, TableConfig config, TableOverrides.View view) {
  /** As a table can be called. */
  private static final String EXAMPLE = "tbl";

  /** Those whose settings are good each by itself; a bad one has its own problem already. */
  static List<CheckedTable> all(TableSelection selection, TableOverrides overrides) {
    List<CheckedTable> tables = new ArrayList<>();
    for (TableRef ref : selection.named()) {
      add(tables, ref.name(), ref, overrides.of(ref.name()));
    }
    if (selection.discovers()) {
      List<String> includes = selection.include().stream().map(NamePattern::text).toList();
      includes.forEach(text -> addAny(tables, text, overrides));
      if (includes.isEmpty()) {
        addAny(tables, null, overrides);
      }
      for (String selector : overrides.selectors()) {
        if (includes.contains(selector) || selection.names(selector)) {
          continue;
        }
        if (TableRef.isName(selector)) {
          add(tables, selector, unlisted(selector), overrides.of(selector));
        } else {
          addAny(tables, selector, overrides);
        }
      }
    }
    return tables;
  }

  /** One that is discovered; null if one of its settings is bad by itself. */
  static @Nullable CheckedTable discovered(String name, TableOverrides overrides) {
    List<CheckedTable> tables = new ArrayList<>();
    add(tables, name, unlisted(name), overrides.of(name));
    return tables.isEmpty() ? null : tables.get(0);
  }

  String keyOf(String key) {
    return view.keyOf(key);
  }

  TopicFormat topicFormat() {
    return config.records().topicFormat();
  }

  String topicLike() {
    return topicFormat().topicLike(config.table());
  }

  /** Those of which a name is known. */
  static Stream<CheckedTable> ones(List<CheckedTable> tables) {
    return tables.stream().filter(CheckedTable::isOne);
  }

  private static void addAny(
      List<CheckedTable> tables, @Nullable String selector, TableOverrides overrides) {
    String who = selector == null ? "any with tables.tags" : "any like " + selector;
    try {
      TableOverrides.View view = overrides.ofAll(selector);
      tables.add(new CheckedTable(who, false, view.settings().of(unlisted(EXAMPLE)), view));
    } catch (ConfigException alreadyReported) {
      // The bad key is reported by itself, by the definition or as an override.
    }
  }

  private static void add(
      List<CheckedTable> tables, String who, TableRef ref, TableOverrides.View view) {
    try {
      tables.add(new CheckedTable(who, true, view.settings().of(ref), view));
    } catch (ConfigException alreadyReported) {
      // As above.
    }
  }

  private static TableRef unlisted(String name) {
    return new TableRef(name, null, null, null);
  }
}
