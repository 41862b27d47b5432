package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Latches;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.StreamOperation;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A listing that lacks a shard between two others makes no reader start too early. */
class IncompleteListingIT {
  private final StepWriter steps = new StepWriter();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void noMoreScripts() {
    released.countDown();
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void aShardWhoseParentIsNotListedWaitsForIt() {
    ScriptedTable table = ScriptedTable.create("listing-gap", string("pk"));
    String first = table.shard();
    try (TestConnector connector = TestConnector.start(table.name(), config(table))) {
      steps.write(table.stream(), first, "a", 1);
      connector.awaitRecords(table.name(), 1);
      table
          .streams()
          .onCall(
              call -> {
                if (call.operation() == StreamOperation.GET_RECORDS
                    && call.shardId().equals(first)) {
                  Latches.await(released);
                }
              });
      steps.write(table.stream(), first, "a", 3);
      String second = table.stream().rollOver(first);
      table.stream().visibility().hide(second);
      steps.write(table.stream(), second, "a", 3);
      String third = table.stream().rollOver(second);
      steps.write(table.stream(), third, "a", 3);
      connector.awaitLooksAt(table.name(), 6);
      assertThat(TestConnector.records(table.name())).as("while the first is held").hasSize(1);
      released.countDown();
      connector.awaitRecords(table.name(), 4);
      connector.awaitLooksAt(table.name(), 6);
      assertThat(TestConnector.records(table.name())).as("of the first shard").hasSize(4);
      table.stream().visibility().show(second);
      connector.awaitRecords(table.name(), steps::endIsIn);
      steps.write(table.stream(), third, "a", 3);
      List<TopicRecord> records = connector.awaitRecords(table.name(), steps::endIsIn);

      assertThat(Steps.byKey(records)).isEqualTo(steps.written());
      assertThat(records)
          .extracting(record -> record.longHeader("document_version"))
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(connector.assignments()).as("all is one lineage").hasSize(1);
    }
  }

  private static Map<String, String> config(ScriptedTable table) {
    Map<String, String> config = EndToEnd.config(2, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    config.put("stream.poll.idle.max.ms", "50");
    return config;
  }
}
