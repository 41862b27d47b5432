package io.github.dynamokc.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.CommittedOffsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Committed offsets are found by what they are about, many of them with one read. */
class OffsetReaderTest {
  private final CommittedOffsets committed = new CommittedOffsets();
  private final OffsetReader offsets = new OffsetReader(committed);

  private void commit(SourcePartition partition, SourceOffset offset) {
    committed.commit(partition.toConnect(), offset.toConnect());
  }

  @Test
  void aNewTableHasNoOffset() {
    assertThat(offsets.table("orders")).isNull();
  }

  @Test
  void aTablesOffsetIsItsOwn() {
    TableOffset registered =
        new TableOffset.Registered(
            new Registration(
                "id", "arn", "stream", "PK", null, new Registration.Start(false, 1, false), null));
    commit(new SourcePartition.OfTable("orders"), registered);
    assertThat(offsets.table("orders")).isEqualTo(registered);
    assertThat(offsets.table("customers")).isNull();
  }

  @Test
  void filesOfTheExportAreFoundWithOneRead() {
    commit(new SourcePartition.OfFile("orders", "e1", "a"), new FileOffset(1, false));
    commit(new SourcePartition.OfFile("orders", "e1", "b"), new FileOffset(2, true));
    commit(new SourcePartition.OfFile("orders", "e2", "c"), new FileOffset(3, true));
    commit(new SourcePartition.OfFile("customers", "e1", "c"), new FileOffset(4, true));
    assertThat(offsets.files("orders", "e1", List.of("a", "b", "c")))
        .isEqualTo(Map.of("a", new FileOffset(1, false), "b", new FileOffset(2, true)));
    assertThat(committed.reads()).containsExactly(3);
  }

  @Test
  void shardsOfTheStreamAreFoundWithOneRead() {
    ShardOffset read = new ShardOffset.Read("12", 3, 1, null);
    ShardOffset finished = new ShardOffset.Finished(null, 0, 9, 9, null);
    commit(new SourcePartition.OfShard("orders", "s1", "a"), read);
    commit(new SourcePartition.OfShard("orders", "s1", "b"), finished);
    commit(new SourcePartition.OfShard("orders", "s2", "c"), read);
    assertThat(offsets.shards("orders", "s1", List.of("a", "b", "c")))
        .isEqualTo(Map.of("a", read, "b", finished));
    assertThat(committed.reads()).containsExactly(3);
  }

  @Test
  void anOffsetThatWasAlteredIntoSomethingElseIsRefused() {
    SourcePartition partition = new SourcePartition.OfShard("orders", "s1", "a");
    committed.commit(partition.toConnect(), Map.of("offset", 5L));
    assertThatThrownBy(() -> offsets.shards("orders", "s1", List.of("a")))
        .isInstanceOf(MalformedOffsetException.class)
        .hasMessageContaining("has no 'version'");
  }
}
