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
class OffsetsByHandTest {
  private static final Map<String, String> PROPS =
      Map.of("name", "orders-source", "tables", "orders", "export.s3.bucket", "exports");
  private static final Map<String, ?> SHARD =
      Map.of("table", "orders", "kind", "shard", "stream", "arn:stream", "shard", "shardId-1");
  private static final Map<String, ?> FILE =
      Map.of("table", "orders", "kind", "file", "export", "arn:export", "file", "data/a.json.gz");

  private final DynamoDbSourceConnector connector = new DynamoDbSourceConnector();

  private void alter(Map<String, ?> partition, Map<String, ?> offset) {
    assertThat(connector.alterOffsets(PROPS, Collections.singletonMap(partition, offset))).isTrue();
  }

  @Test
  void aShardOrFileMayBeSetBackWithIntegersAndWithLongs() {
    alter(SHARD, Map.of("sequence", "4900", "version", 5));
    alter(SHARD, Map.of("sequence", "4900", "version", 5L, "lineage", "shardId-0"));
    alter(FILE, Map.of("items", 0));
    alter(FILE, Map.of("items", 17L));
  }

  @Test
  void anyOffsetMayBeTakenAwayEvenOneThatIsNotUnderstood() {
    alter(SHARD, null);
    alter(Map.of("whatever", 1), null);
    alter(Map.of("table", "gone", "kind", "table"), null);
    alter(null, null);
  }

  static Arguments[] bad() {
    Map<String, Object> otherTable = new HashMap<>(FILE);
    otherTable.put("table", "users");
    return new Arguments[] {
      Arguments.of(otherTable, Map.of("items", 1), "is of the table 'users'"),
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
      Arguments.of(SHARD, Map.of("sequence", "12x", "version", 1), "of digits only"),
      Arguments.of(SHARD, Map.of("sequence", 12, "version", 1), "'sequence' must be a non-empty"),
      Arguments.of(SHARD, Map.of("sequence", "12"), "has no 'version'"),
      Arguments.of(
          SHARD, Map.of("sequence", "12", "version", 1, "offset", 1), "unknown key 'offset'"),
      Arguments.of(null, Map.of("items", 1), "has no partition"),
    };
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatTheConnectorCouldNotHaveWrittenIsRefusedSayingWhy(
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
