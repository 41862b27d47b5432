package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.PARTITION;
import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.stream.StreamStart;
import io.github.dynamokc.testing.OrdersWorld;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is committed of a table between two phases, and between two streams. */
class TableAnnouncementsTest {
  private static final String NEXT = nextArn("2023-11-14T00:00:00.000");

  private final OrdersWorld world = new OrdersWorld();
  private final OrdersTask task = new OrdersTask(world);
  private final TableAnnouncements announcements = new TableAnnouncements(task.tables, task.output);

  @AfterEach
  void close() {
    task.close();
  }

  @Test
  void aSubmittedExportIsCommittedAsLoaded() throws InterruptedException {
    world.commit(world.submitted(2));
    TableOffset loaded = new TableOffset.ExportLoaded(world.registration(), OrdersWorld.export(2));

    assertThat(announcements.loaded(TABLE)).isEqualTo(loaded);
    assertThat(task.put())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(OrdersTask.type(record)).isEqualTo("EXPORT_LOADED");
              assertThat(record.sourcePartition()).isEqualTo(PARTITION.toConnect());
              assertThat(OrdersTask.tableOffset(record)).isEqualTo(loaded);
            });
  }

  @Test
  void aLoadedExportIsNotCommittedAgain() throws InterruptedException {
    world.commit(world.submitted(1));
    announcements.loaded(TABLE);
    task.commit(task.put());

    assertThat(announcements.loaded(TABLE)).isEqualTo(world.loaded());
    assertThat(task.put()).isEmpty();
  }

  /** Its plan is older than a further snapshot that was given up. */
  @Test
  void aTableWithoutAnExportStaysWithoutOne() throws InterruptedException {
    world.commit(world.followed());

    assertThat(announcements.loaded(TABLE)).isEqualTo(world.followed());
    assertThat(task.put()).isEmpty();
  }

  @Test
  void anOffsetThatIsGoneFailsByName() {
    assertThatThrownBy(() -> announcements.loaded(TABLE))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Table orders has no offset")
        .hasMessageContaining("Restart the connector");
  }

  @Test
  void aReplacedStreamIsCommittedAsALossBetweenBoth() throws InterruptedException {
    announcements.replaced(TABLE, world.loaded(), ended(71), NEXT, new StreamStart(-1, 5, -1), 5);

    assertThat(task.put())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(OrdersTask.type(record)).isEqualTo("DATA_LOSS");
              assertThat(record.sourcePartition()).isEqualTo(PARTITION.toConnect());
              assertThat(OrdersTask.tableOffset(record))
                  .isEqualTo(
                      new TableOffset.ExportLoaded(
                          world.registration().goneOverTo(NEXT, 5, 71), OrdersWorld.export(1)));
              assertThat((String) record.value())
                  .contains(
                      "the stream " + world.stream.arn() + " was disabled and " + NEXT + " enabled")
                  .contains("changes in between are in neither")
                  .doesNotContain(StreamStart.IN_SNAPSHOT);
            });
    assertThat(task.tables.metrics(TABLE).count(Counter.DATA_LOSS_EVENTS)).isEqualTo(1);
  }

  @Test
  void aLossThatASnapshotCoversSaysSo() throws InterruptedException {
    long afterNextBegan = OrdersWorld.NOW.toEpochMilli();
    announcements.replaced(
        TABLE, world.followed(), ended(71), NEXT, new StreamStart(-1, 5, afterNextBegan), 5);

    assertThat(task.put())
        .singleElement()
        .satisfies(record -> assertThat((String) record.value()).contains(StreamStart.IN_SNAPSHOT));
  }

  private TableWork.Replacement ended(long version) {
    return new TableWork.Replacement(world.stream.arn(), true, version, 5);
  }

  private static String nextArn(String label) {
    return "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/" + label;
  }
}
