package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.ScriptedTable;
import io.github.dynamokc.testing.StepWriter;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.RestException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Connect's REST API for offsets, on a worker: what is refused, what is taken, and what it does.
 */
@Tag("core")
class AlterOffsetsIT {
  private final StepWriter steps = new StepWriter();

  @AfterEach
  void noMoreScripts() {
    EndToEnd.aws().front().clearHooks();
  }

  @Test
  void aBadOffsetIsRefusedWithAReasonAndAGoodOneRewindsItsShard() {
    ScriptedTable table = ScriptedTable.create("offsets-by-hand", string("pk"));
    String first = steps.write(table.stream(), table.shard(), "a", 1);
    String last = steps.write(table.stream(), table.shard(), "a", 2);
    Map<String, String> config = EndToEnd.config(1, table.name());
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      connector.awaitOffset(
          "shard", table.shard(), offset -> offset.path("sequence").asText().equals(last));
      connector.stop();

      assertRefused(table, table.name(), "12x", "of digits only");
      assertRefused(table, "another", first, "is of the table 'another'");
      assertThat(connector.offset("shard", table.shard()).path("sequence").asText())
          .as("nothing was changed")
          .isEqualTo(last);
      ObjectNode nothing = pair(table, "another", null);
      EndToEnd.worker().rest().alterOffsets(table.name(), body(nothing));
      EndToEnd.worker().rest().alterOffsets(table.name(), body(pair(table, table.name(), first)));
      connector.resume();
      List<Integer> twice =
          Steps.byKey(connector.awaitRecords(table.name(), records -> records.size() == 5))
              .get("{\"pk\":\"a\"}");

      assertThat(twice).containsExactly(1, 2, 3, 2, 3);
    }
  }

  private static void assertRefused(
      ScriptedTable table, String named, String sequence, String reason) {
    assertThatExceptionOfType(RestException.class)
        .isThrownBy(
            () ->
                EndToEnd.worker()
                    .rest()
                    .alterOffsets(table.name(), body(pair(table, named, sequence))))
        .withMessageContaining(reason);
  }

  private static ObjectNode body(ObjectNode pair) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("offsets").add(pair);
    return body;
  }

  /** An offset for the table's shard; no sequence number takes it away. */
  private static ObjectNode pair(ScriptedTable table, String named, @Nullable String sequence) {
    ObjectNode pair = JsonNodeFactory.instance.objectNode();
    pair.putObject("partition")
        .put("table", named)
        .put("kind", "shard")
        .put("stream", table.stream().arn())
        .put("shard", table.shard());
    if (sequence == null) {
      pair.putNull("offset");
    } else {
      pair.putObject("offset").put("sequence", sequence).put("version", 1);
    }
    return pair;
  }
}
