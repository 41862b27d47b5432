package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.config.TableSelection;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TablesOffset;
import io.github.dynamokc.offset.TroubleOffset;
import io.github.dynamokc.testing.OrdersWorld;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** A table that was found is prepared when it can be, and until then it is told why it is not. */
@Timeout(60)
class NewTableTest {
  private final OrdersWorld world = new OrdersWorld();
  private final OrdersTask task = new OrdersTask(world);
  private final List<String> types = new ArrayList<>();
  private int prepared;

  @AfterEach
  void close() {
    task.close();
  }

  private NewTable table() {
    world.dynamoDb.recoverableSince(OrdersWorld.NOW);
    world.offsets.commit(new SourcePartition.OfTables(), new TablesOffset(List.of(TABLE)));
    TableSelection selection = world.connector().selection();
    return new NewTable(
        TABLE,
        task.tables,
        world.calls(),
        new TableTrouble(task.tables, task.output, world.clock),
        selection,
        world.dynamoDb);
  }

  private void enableStream() {
    world.dynamoDb.stream(StreamViewType.NEW_AND_OLD_IMAGES).streamArn(world.stream.arn());
  }

  private void commit() throws InterruptedException {
    List<SourceRecord> put = task.put();
    put.forEach(record -> types.add(OrdersTask.type(record)));
    task.commit(put);
  }

  @Test
  void aTableThatIsReadyIsPreparedWithoutAWord() throws InterruptedException {
    table().prepare(() -> prepared++);
    commit();

    assertThat(prepared).isEqualTo(1);
    assertThat(types).isEmpty();
  }

  /** As often as it is looked at, and in each run of the task. */
  @Test
  void aTableThatIsNotReadyIsToldOfOnceAReason() throws InterruptedException {
    world.dynamoDb.streamDisabled();
    int[] looks = {0};
    world.dynamoDb.onDescribeTable(
        () -> {
          try {
            commit();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          if (++looks[0] == 5) {
            assertThat(world.offsets.get(new SourcePartition.OfTrouble(TABLE)))
                .isInstanceOfSatisfying(
                    TroubleOffset.class,
                    told -> {
                      assertThat(told.failed()).isFalse();
                      assertThat(told.reason()).isEqualTo("its stream is not enabled");
                    });
            assertThat(task.tables.metrics(TABLE).value(Gauge.TABLE_SKIPPED)).isEqualTo(1);
            enableStream();
          }
        });
    table().prepare(() -> prepared++);
    commit();

    assertThat(prepared).isEqualTo(1);
    assertThat(types).containsExactly("TABLE_SKIPPED", "TABLE_RESUMED");
    assertThat(task.tables.metrics(TABLE).value(Gauge.TABLE_SKIPPED)).isZero();
    assertThat(world.offsets.get(new SourcePartition.OfTrouble(TABLE))).isNull();
  }

  /** What goes away between the look and the registration is no failure of the connector. */
  @Test
  void aTableThatGoesAwayMeanwhileIsSkipped() throws InterruptedException {
    table()
        .prepare(
            () -> {
              if (prepared++ == 0) {
                world.dynamoDb.streamDisabled();
                int[] looks = {0};
                world.dynamoDb.onDescribeTable(
                    () -> {
                      if (++looks[0] == 2) {
                        enableStream();
                      }
                    });
                throw new ConnectException("There is no such table");
              }
            });
    commit();

    assertThat(prepared).isEqualTo(2);
    assertThat(types).containsExactly("TABLE_SKIPPED", "TABLE_RESUMED");
  }

  @Test
  void anotherFailureIsOne() {
    NewTable table = table();

    assertThatThrownBy(
            () ->
                table.prepare(
                    () -> {
                      throw new ConnectException("refused");
                    }))
        .hasMessage("refused");
  }
}
