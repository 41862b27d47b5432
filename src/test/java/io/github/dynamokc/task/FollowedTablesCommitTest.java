package io.github.dynamokc.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TablesOffset;
import io.github.dynamokc.plan.FollowedTables;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.testing.OrdersWorld;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which tables are followed is committed by the first task, once. */
class FollowedTablesCommitTest {
  private final OrdersWorld world = new OrdersWorld();
  private final OrdersTask task = new OrdersTask(world);

  @AfterEach
  void close() {
    task.close();
  }

  private List<SourceRecord> commit(String... tables) throws InterruptedException {
    TaskTables followed =
        new TaskTables(
            world.connector(),
            new OffsetReader(world.offsets),
            new TaskAssignment(List.of()),
            "0",
            MetricsSink.NONE,
            FollowedTables.fromConfig(FollowedTables.toConfig(List.of(tables))));
    new FollowedTablesCommit(followed, task.output).run();
    List<SourceRecord> put = task.put();
    task.commit(put);
    return put;
  }

  @Test
  void theTablesAreCommittedOnceWithWhatIsNew() throws InterruptedException {
    commit("a", "b");
    assertThat(world.offsets.get(new SourcePartition.OfTables()))
        .isEqualTo(new TablesOffset(List.of("a", "b")));
    assertThat(commit("a", "b")).isEmpty();

    assertThat(commit("b", "c"))
        .singleElement()
        .satisfies(
            record ->
                assertThat(String.valueOf(record.value()))
                    .contains("TABLES_FOLLOWED", "\"added\":\"c\"", "\"removed\":\"a\""));
  }

  @Test
  void aConnectorWhoseConfigNamesItsTablesCommitsNone() throws InterruptedException {
    assertThat(commit()).isEmpty();
  }

  @Test
  void whatIsNotUnderstoodIsReplaced() throws InterruptedException {
    world.offsets.commit(new SourcePartition.OfTables().toConnect(), Map.of("unheard of", 1L));
    commit("a");

    assertThat(world.offsets.get(new SourcePartition.OfTables()))
        .isEqualTo(new TablesOffset(List.of("a")));
  }
}
