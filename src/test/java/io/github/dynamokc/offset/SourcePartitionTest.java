package io.github.dynamokc.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.offset.StoredOffsetsFixture.Offset;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Partitions go to Connect and back unchanged; what is none of ours is refused by name. */
class SourcePartitionTest {
  @Property
  void aPartitionComesBackAsItWas(@ForAll("offsets") Offset offset) {
    Map<String, Object> map = offset.partition().toConnect();
    assertThat(map.getClass()).isEqualTo(HashMap.class);
    assertThat(map.values()).allSatisfy(value -> assertThat(value).isInstanceOf(String.class));
    assertThat(SourcePartition.fromConnect(map)).isEqualTo(offset.partition());
    assertThat(map.get("table")).isEqualTo(offset.partition().table());
    assertThat(SourcePartition.tableOf(map)).isEqualTo(offset.partition().table());
  }

  @Provide
  Arbitrary<Offset> offsets() {
    return StoredOffsetsFixture.any();
  }

  @Test
  void theKeysAreThoseOfTheDesign() {
    assertThat(new SourcePartition.OfTable("t").toConnect())
        .isEqualTo(Map.of("table", "t", "kind", "table"));
    assertThat(new SourcePartition.OfFile("t", "e", "f").toConnect())
        .isEqualTo(Map.of("table", "t", "kind", "file", "export", "e", "file", "f"));
    assertThat(SourcePartition.OfAssignment.of(3).toConnect())
        .isEqualTo(Map.of("kind", "plan", "task", "3"));
    assertThat(new SourcePartition.OfShard("t", "s", "id").toConnect())
        .isEqualTo(Map.of("table", "t", "kind", "shard", "stream", "s", "shard", "id"));
  }

  @Test
  void everyCallGivesAMapOfItsOwn() {
    SourcePartition partition = new SourcePartition.OfTable("t");
    partition.toConnect().put("more", "x");
    assertThat(partition.toConnect()).hasSize(2);
  }

  static Arguments[] malformed() {
    return new Arguments[] {
      Arguments.of(Map.of(), "has no 'kind'"),
      Arguments.of(Map.of("table", "t"), "has no 'kind'"),
      Arguments.of(Map.of("kind", "table"), "has no 'table'"),
      Arguments.of(
          Map.of("kind", "index", "table", "t"),
          "'kind' must be 'table', 'file', 'shard', 'shards', 'counts', 'plan', 'trouble' or 'tables', found String 'index'"),
      Arguments.of(Map.of("kind", "TABLE", "table", "t"), "'kind' must be"),
      Arguments.of(
          Map.of("kind", 1L, "table", "t"), "'kind' must be a non-empty string, found Long '1'"),
      Arguments.of(
          Map.of("kind", "table", "table", ""),
          "'table' must be a non-empty string, found String ''"),
      Arguments.of(
          Map.of("kind", "table", "table", true),
          "'table' must be a non-empty string, found Boolean 'true'"),
      Arguments.of(Map.of("kind", "file", "table", "t", "file", "f"), "has no 'export'"),
      Arguments.of(Map.of("kind", "file", "table", "t", "export", "e"), "has no 'file'"),
      Arguments.of(Map.of("kind", "shard", "table", "t", "shard", "x"), "has no 'stream'"),
      Arguments.of(Map.of("kind", "shard", "table", "t", "stream", "s"), "has no 'shard'"),
      Arguments.of(
          Map.of("kind", "shard", "table", "t", "stream", "s", "shard", 7),
          "'shard' must be a non-empty string, found Integer '7'"),
      Arguments.of(
          Map.of("kind", "table", "table", "t", "shard", "x"),
          "has an unknown key 'shard'; known here are [kind, table]"),
      Arguments.of(
          Map.of("kind", "file", "table", "t", "export", "e", "file", "f", "topic", "x"),
          "has an unknown key 'topic'"),
    };
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void aMapThatIsNoPartitionIsRefusedNamingTheKey(Map<String, Object> map, String message) {
    assertThatThrownBy(() -> SourcePartition.fromConnect(map))
        .isInstanceOf(MalformedOffsetException.class)
        .hasMessageStartingWith("The source partition {")
        .hasMessageContaining(message);
  }
}
