package io.github.dynamokc.config;

import org.apache.kafka.common.config.ConfigDef;

/** A group of keys under definition: puts each key behind the ones the group has already. */
record ConfigGroup(ConfigDef definition, String name) {
  static final String TABLES = "Tables";
  static final String AWS = "AWS";
  static final String SNAPSHOT = "Snapshot";
  static final String STREAM = "Stream";
  static final String RECORDS = "Records";
  static final String DELIVERY = "Delivery";

  ConfigGroup add(ConfigKey key) {
    int order =
        (int) definition.configKeys().values().stream().filter(k -> name.equals(k.group)).count()
            + 1;
    definition.define(
        key.name,
        key.type,
        key.defaultValue,
        key.validator,
        key.importance,
        key.documentation,
        name,
        order,
        key.width,
        key.displayName,
        key.dependents,
        key.recommender);
    return this;
  }
}
