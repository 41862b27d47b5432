package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user may set offsets to: what the connector could have written, or nothing. */
class AlterOffsetsValidatorTest {
  private static final Map<String, String> PROPS =
      Map.of("name", "orders-source", "tables", "orders", "export.s3.bucket", "exports");
  private static final Map<String, ?> SHARD =
      Map.of("table", "orders", "kind", "shard", "stream", "arn:stream", "shard", "shardId-1");
  private static final Map<String, ?> FILE =
      Map.of("table", "orders", "kind", "file", "export", "arn:export", "file", "data/a.json.gz");

  private static final Map<String, ?> SKIPPED =
      Map.of("skipped", true, "version", 5, "readUpTo", 7);

  private static final Map<String, ?> TABLE = Map.of("table", "orders", "kind", "table");
  private static final Map<String, ?> REGISTERED =
      Map.of(
          "phase", "REGISTERED",
          "tableId", "id",
          "tableArn", "arn:table",
          "partitionKey", "pk",
          "startPosition", "LATEST",
          "startTime", 1);

  private final DynamoDbSourceConnector connector = new DynamoDbSourceConnector();

  private void alter(Map<String, ?> partition, Map<String, ?> offset) {
    assertThat(connector.alterOffsets(PROPS, Collections.singletonMap(partition, offset))).isTrue();
  }

  @Test
  void aShardOrFileMayBeSetBackWithIntegersAndWithLongs() {
    alter(SHARD, Map.of("sequence", "4900", "version", 5));
    alter(SHARD, Map.of("sequence", "4900", "version", 5L, "readUpTo", 7));
    alter(FILE, Map.of("items", 0));
    alter(FILE, Map.of("items", 17L));
  }

  @Test
  void aShardMayBeSetToBeSkipped() {
    alter(SHARD, SKIPPED);
    alter(SHARD, with(SKIPPED, "lineage", "shardId-0"));
    alter(SHARD, with(with(SKIPPED, "sequence", "12"), "readUpTo", 1_700_000_000_000L));
    alter(SHARD, with(with(SKIPPED, "done", true), "at", 9));
  }

  @Test
  void aTableThatCanBeDiscoveredMayBeSetAndNoOther() {
    Map<String, String> props = new HashMap<>(PROPS);
    props.put("tables.include", "orders-.*");
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(with(TABLE, "table", "orders-eu"), REGISTERED);
    assertThat(connector.alterOffsets(props, offsets)).isTrue();
    offsets.put(with(TABLE, "table", "users"), REGISTERED);
    assertThatThrownBy(() -> connector.alterOffsets(props, offsets))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("it has [orders] and those that it discovers");
  }

  /** As the connector wrote them, when offsets are saved and restored. */
  @Test
  void allOffsetsOfATableMayBeSetTogether() {
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(TABLE, REGISTERED);
    offsets.put(SHARD, Map.of("sequence", "4900", "version", 5L, "lineage", "shardId-0"));
    offsets.put(with(SHARD, "shard", "shardId-2"), with(SKIPPED, "skippedAt", 7));
    assertThat(connector.alterOffsets(PROPS, offsets)).isTrue();
    offsets.put(TABLE, null);
    assertThatThrownBy(() -> connector.alterOffsets(PROPS, offsets))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("must be left out");
  }

  @Test
  void aTableMayBeSetToItsOwnOffsetWithIntegersAndWithLongs() {
    alter(TABLE, REGISTERED);
    alter(TABLE, with(REGISTERED, "startTime", 1_700_000_000_000L));
    alter(TABLE, with(with(REGISTERED, "phase", "STREAM_HELD"), "heldSince", 1));
  }

  /** As a whole, when offsets are saved and restored; its id guards against all else. */
  @Test
  void whatATaskWasGivenMayBeSetAndRemoved() {
    Map<String, ?> assigned = Map.of("kind", "plan", "task", "3");
    alter(assigned, Map.of("plan", "0a1b", "tasks", 4, "assignment", "{}"));
    alter(assigned, null);
  }

  @Test
  void anyOffsetMayBeRemovedEvenAnUnreadableOne() {
    alter(SHARD, null);
    alter(Map.of("whatever", 1), null);
    alter(Map.of("table", "gone", "kind", "table"), null);
    alter(null, null);
  }

  private static Map<String, ?> with(Map<String, ?> map, String key, Object value) {
    Map<String, Object> changed = new HashMap<>(map);
    changed.put(key, value);
    return changed;
  }

  private static Map<String, ?> without(Map<String, ?> map, String key) {
    Map<String, Object> changed = new HashMap<>(map);
    changed.remove(key);
    return changed;
  }

  static Arguments[] bad() {
    return new Arguments[] {
      Arguments.of(with(FILE, "table", "users"), Map.of("items", 1), "is of the table 'users'"),
      Arguments.of(Map.of("kind", "shard"), Map.of("items", 1), "has no 'table'"),
      Arguments.of(Map.of("table", "orders", "kind", "row"), Map.of("items", 1), "'kind' must be"),
      Arguments.of(
          Map.of("table", "orders", "kind", "table", "shard", "x"),
          Map.of("phase", "REGISTERED"),
          "unknown key 'shard'"),
      Arguments.of(FILE, Map.of("items", -1), "'items' must be a whole number of at least 0"),
      Arguments.of(FILE, Map.of("items", "1"), "'items' must be a whole number"),
      Arguments.of(FILE, Map.of("items", 1.5), "'items' must be a whole number"),
      Arguments.of(FILE, Map.of(), "has no 'items'"),
      Arguments.of(FILE, Map.of("items", true), "'items' must be a whole number"),
      Arguments.of(FILE, Map.of("items", 1, "done", "yes"), "'done' must be true or false"),
      Arguments.of(FILE, Map.of("items", 1, "line", 1), "unknown key 'line'"),
      Arguments.of(without(FILE, "export"), Map.of("items", 1), "has no 'export'"),
      Arguments.of(without(FILE, "file"), Map.of("items", 1), "has no 'file'"),
      Arguments.of(with(FILE, "file", 1), Map.of("items", 1), "'file' must be a non-empty"),
      Arguments.of(with(FILE, "shard", "x"), Map.of("items", 1), "unknown key 'shard'"),
      Arguments.of(SHARD, Map.of("sequence", "12x", "version", 1), "of digits only"),
      Arguments.of(SHARD, Map.of("sequence", 12, "version", 1), "'sequence' must be a non-empty"),
      Arguments.of(SHARD, Map.of("sequence", "12"), "has no 'version'"),
      Arguments.of(
          SHARD, Map.of("sequence", "12", "version", 1, "offset", 1), "unknown key 'offset'"),
      Arguments.of(
          SHARD, Map.of("sequence", "12", "version", "1"), "'version' must be a whole number"),
      Arguments.of(SHARD, Map.of("version", 1), "has no 'at'"),
      Arguments.of(SHARD, Map.of("version", 1, "done", true), "has no 'at'"),
      Arguments.of(SHARD, Map.of("version", 1, "at", -1), "'at' must be a whole number"),
      Arguments.of(
          SHARD, Map.of("sequence", "12", "version", 1, "lineage", ""), "'lineage' must be"),
      Arguments.of(
          without(SHARD, "stream"), Map.of("sequence", "12", "version", 1), "has no 'stream'"),
      Arguments.of(
          without(SHARD, "shard"), Map.of("sequence", "12", "version", 1), "has no 'shard'"),
      Arguments.of(
          SHARD,
          Map.of("sequence", "12", "version", 1, "lineage", "shardId-0"),
          "'lineage' must be left out"),
      Arguments.of(
          SHARD, Map.of("version", 1, "readUpTo", 1, "lineage", "shardId-0"), "'lineage' must be"),
      Arguments.of(SHARD, with(SKIPPED, "skippedAt", 7), "'skippedAt' must be left out"),
      Arguments.of(SHARD, with(SKIPPED, "skippedAt", "now"), "'skippedAt' must be a whole number"),
      Arguments.of(SHARD, with(SKIPPED, "skipped", "yes"), "'skipped' must be true or false"),
      Arguments.of(SHARD, with(SKIPPED, "skipped", false), "'skipped' must be true"),
      Arguments.of(SHARD, without(SKIPPED, "version"), "has no 'version'"),
      Arguments.of(SHARD, without(SKIPPED, "readUpTo"), "has no 'readUpTo'"),
      Arguments.of(SHARD, with(SKIPPED, "readUpTo", "now"), "'readUpTo' must be a whole number"),
      Arguments.of(SHARD, with(SKIPPED, "done", true), "has no 'at'"),
      Arguments.of(SHARD, with(SKIPPED, "at", 1), "unknown key 'at'"),
      Arguments.of(SHARD, with(SKIPPED, "sequence", "12x"), "of digits only"),
      Arguments.of(SHARD, with(SKIPPED, "reason", "x"), "unknown key 'reason'"),
      Arguments.of(FILE, Map.of("items", 1, "skipped", true), "unknown key 'skipped'"),
      Arguments.of(TABLE, with(REGISTERED, "skipped", true), "unknown key 'skipped'"),
      Arguments.of(TABLE, without(REGISTERED, "tableId"), "has no 'tableId'"),
      Arguments.of(TABLE, with(REGISTERED, "phase", "DONE"), "'phase' must be REGISTERED"),
      Arguments.of(TABLE, with(REGISTERED, "startPosition", "NOW"), "TRIM_HORIZON or LATEST"),
      Arguments.of(
          TABLE, with(REGISTERED, "startTime", "now"), "'startTime' must be a whole number"),
      Arguments.of(TABLE, with(REGISTERED, "phase", "EXPORT_LOADED"), "has no 'exportArn'"),
      Arguments.of(TABLE, with(REGISTERED, "phase", "STREAM_HELD"), "has no 'heldSince'"),
      Arguments.of(TABLE, with(REGISTERED, "exportArn", "arn:export"), "unknown key 'exportArn'"),
      Arguments.of(null, Map.of("items", 1), "has no partition"),
    };
  }

  @ParameterizedTest
  @MethodSource("bad")
  void anOffsetThatTheConnectorCannotWriteIsRefused(
      Map<String, ?> partition, Map<String, ?> offset, String message) {
    assertThatThrownBy(
            () -> connector.alterOffsets(PROPS, Collections.singletonMap(partition, offset)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(message);
  }

  @Test
  void exactlyOnceIsSupported() {
    assertThat(connector.exactlyOnceSupport(PROPS)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
  }
}
