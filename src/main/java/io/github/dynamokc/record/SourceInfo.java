package io.github.dynamokc.record;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.UserIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Where the item in an envelope comes from: what {@code source} says beside the connector and the
 * table.
 *
 * @param timestampMs when the change was made, or the time of the export, epoch ms
 * @param op Debezium's letter for what happened: {@code r}, {@code c}, {@code u} or {@code d}
 * @param change the change, null for an item of an export
 * @param shard the shard that the change was read from, null for an item of an export
 */
record SourceInfo(
    long timestampMs, String op, @Nullable ItemChange change, @Nullable String shard) {

  static SourceInfo ofExport(long exportTimeMs) {
    return new SourceInfo(exportTimeMs, "r", null, null);
  }

  static SourceInfo of(ItemChange change, String shard) {
    String op =
        switch (change.operation()) {
          case INSERT -> "c";
          case MODIFY -> "u";
          case REMOVE -> "d";
        };
    return new SourceInfo(change.createdAtMs(), op, change, shard);
  }

  boolean isSnapshot() {
    return change == null;
  }

  @Nullable String eventId() {
    return change == null ? null : change.eventId();
  }

  @Nullable String sequence() {
    return change == null ? null : change.sequenceNumber();
  }

  @Nullable UserIdentity user() {
    return change == null ? null : change.userIdentity();
  }
}
