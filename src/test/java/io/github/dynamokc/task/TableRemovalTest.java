package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.PARTITION;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.aws.CountedRequests;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.CountsOffset;
import io.github.dynamokc.offset.ShardsOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.testing.OrdersWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing stays of a table that is deleted, and nothing of another one is touched. */
class TableRemovalTest {
  private static final TableWork.Remove WORK =
      new TableWork.Remove(TABLE, "table-id-1", "The table was deleted");

  private final OrdersWorld world = new OrdersWorld();
  private OrdersTask task = new OrdersTask(world);
  private WorkThreads threads = new WorkThreads("removal-test");

  @BeforeEach
  void commitAllKinds() {
    world.commit(world.loaded());
    world.exportCompleted(1, 2);
    world.commitFile(0, 1, true);
    world.commitFile(1, 2, true);
    world.commit("shard-1", OrdersWorld.finished(OrdersWorld.NOW));
    world.offsets.commit(
        new SourcePartition.OfShards(TABLE, "0"),
        ShardsOffset.of(Map.of(world.stream.arn(), List.of("shard-1", "shard-2"))));
    world.offsets.commit(
        new SourcePartition.OfCounts(TABLE, "0"), CountsOffset.of(Map.of("bytesReceived", 1L)));
  }

  @AfterEach
  void close() {
    threads.close();
    task.close();
  }

  private TableRemoval removal() {
    return new TableRemoval(
        task.tables,
        task.output,
        world.calls(),
        world.aws,
        CountedRequests.ofExport(TableMetrics.unregistered()));
  }

  private List<String> runAndCommit() throws InterruptedException {
    threads.start("removal", () -> task.output.run("Removing", () -> removal().run(WORK)));
    List<String> types = new ArrayList<>();
    while (!types.contains("TABLE_REMOVED")) {
      List<SourceRecord> put = task.next();
      put.forEach(record -> types.add(OrdersTask.type(record)));
      task.commit(put);
    }
    return types;
  }

  @Test
  void allOffsetsOfTheTableAreTakenAway() throws InterruptedException {
    List<String> types = runAndCommit();

    assertThat(world.offsets.size()).isZero();
    assertThat(types).endsWith("TABLE_REMOVED").containsOnlyOnce("TABLE_REMOVED");
  }

  @Test
  void offsetsOfOtherTablesStay() throws InterruptedException {
    world.offsets.commit(new SourcePartition.OfTable("orders-2"), world.loaded());
    runAndCommit();

    assertThat(world.offsets.size()).isEqualTo(1);
  }

  /** After a crash the table's own offset leads to what is left. */
  @Test
  void theTablesOwnOffsetGoesLast() throws InterruptedException {
    threads.start("removal", () -> task.output.run("Removing", () -> removal().run(WORK)));
    List<SourceRecord> put = new ArrayList<>();
    while (put.size() < 3) {
      put.addAll(task.next());
    }
    assertThat(put).extracting(OrdersTask::type).containsOnly("SHARD_RETIRED");
    assertThat(put)
        .extracting(record -> String.valueOf(record.sourcePartition().get("kind")))
        .containsExactlyInAnyOrder("shard", "file", "file");
    task.commit(put.subList(0, 2));
    assertThat(world.committed()).isNotNull();
    close();
    task = new OrdersTask(world);
    threads = new WorkThreads("removal-test");

    runAndCommit();
    assertThat(world.offsets.size()).isZero();
  }

  @Test
  void aManifestThatIsGoneKeepsNothingButTheFilesOffsets() throws InterruptedException {
    world.s3.deny("manifest-summary.json");
    runAndCommit();

    assertThat(world.offsets.size("file")).isEqualTo(2);
    assertThat(world.offsets.size()).isEqualTo(2);
  }

  /** A plan may be older than the table that has the name by now. */
  @Test
  void anotherTableOfTheNameIsLeftAlone() throws InterruptedException {
    removal().run(new TableWork.Remove(TABLE, "table-id-0", "The table was deleted"));

    assertThat(task.put()).isEmpty();
    assertThat(world.offsets.get(PARTITION)).isEqualTo(world.loaded());
  }
}
