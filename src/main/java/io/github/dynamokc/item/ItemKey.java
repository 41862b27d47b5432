package io.github.dynamokc.item;

import org.jspecify.annotations.Nullable;

/** The primary key of one item. */
public record ItemKey(KeyNames names, KeyValue partition, @Nullable KeyValue sort) {
  /** {@code pk} or {@code pk|sk}: readable, but two items may share it. */
  public String primaryKey() {
    return sort == null ? partition.text() : partition.text() + "|" + sort.text();
  }

  /** {@code {"pk":"a","sk":1}} in key-schema order: no two items share it. */
  public String json() {
    String first = names.partitionMember() + partition.json();
    return sort == null ? first + '}' : first + names.sortMember() + sort.json() + '}';
  }
}
