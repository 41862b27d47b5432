package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.metrics.MetricTags;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.testing.OrdersWorld;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** A task knows the tables that it has work on, and no others. */
class TaskTablesTest {
  private final OrdersWorld world = new OrdersWorld().set("tables", "orders,orders-2");
  private final List<MetricTags> shown = new ArrayList<>();

  private TaskTables tables() {
    return OrdersTask.tables(
        world,
        new TaskAssignment(
            List.of(new TableWork.Complete(TABLE, false), new TableWork.Prepare(TABLE, 1))),
        (tags, metrics) -> {
          shown.add(tags);
          return () -> shown.remove(tags);
        });
  }

  @Test
  void metricsAreShownOnceForATableUntilTheTaskEnds() {
    TaskTables tables = tables();
    assertThat(shown).containsExactly(MetricTags.ofTask("orders-source", "0", TABLE));
    assertThat(tables.metrics(TABLE)).isSameAs(tables.metrics(TABLE));
    assertThatThrownBy(() -> tables.metrics("orders-2")).isInstanceOf(NullPointerException.class);
    tables.close();

    assertThat(shown).isEmpty();
  }

  @Test
  void offsetsAreReadAsTheyAreCommittedNow() {
    try (TaskTables tables = tables()) {
      world.commit(world.submitted(1));
      assertThat(tables.offset(TABLE)).isEqualTo(world.submitted(1));
      world.commit(world.loaded());

      assertThat(tables.offset(TABLE)).isEqualTo(world.loaded());
    }
  }

  @Test
  void anOffsetThatIsGoneFailsByName() {
    try (TaskTables tables = tables()) {
      assertThatThrownBy(() -> tables.offset(TABLE))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("Table orders has no offset although its work was planned")
          .hasMessageContaining("reset")
          .hasMessageContaining("Restart the connector");
    }
  }
}
