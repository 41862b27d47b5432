package io.github.dynamokc.record;

import org.jspecify.annotations.Nullable;

/** The primary key of one item. */
record ItemKey(KeyNames names, KeyValue partition, @Nullable KeyValue sort) {
  /** {@code pk} or {@code pk|sk}: readable, but two items may share it. */
  String primaryKey() {
    return sort == null ? partition.text() : partition.text() + "|" + sort.text();
  }

  /** {@code {"pk":"a","sk":1}} in key-schema order: no two items share it. */
  String json() {
    StringBuilder json = new StringBuilder(64).append('{');
    append(json, names.partitionKey(), partition);
    String sortName = names.sortKey();
    if (sortName != null && sort != null) {
      append(json.append(','), sortName, sort);
    }
    return json.append('}').toString();
  }

  private static void append(StringBuilder json, String name, KeyValue value) {
    JsonText.appendQuoted(json, name);
    json.append(':');
    if (value.number()) {
      json.append(value.text());
    } else {
      JsonText.appendQuoted(json, value.text());
    }
  }
}
