package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.number;
import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A table's snapshot and its stream on a real worker, with writes before, during and after the
 * export: the topic applied by key ends as the table.
 */
@Tag("core")
class SnapshotAndStreamIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Random random = new Random(42);
  private final Map<String, Integer> counters = new HashMap<>();

  @AfterEach
  void releaseExports() {
    EndToEnd.aws().front().releaseExports();
    EndToEnd.aws().front().exportFiles(4);
  }

  @Test
  void writesBeforeDuringAndAfterTheExportEndAsTheTable() {
    String table = "consistency";
    EndToEnd.aws().tables().create(table, string("pk"), number("sk"));
    change(table, 400);
    EndToEnd.aws().front().holdExports();
    EndToEnd.aws().front().exportFiles(8);
    EndToEnd.worker().rest().put("consistency", EndToEnd.config(2, table));
    EndToEnd.worker().rest().awaitRunning("consistency", 1, PATIENCE);
    change(table, 300);
    EndToEnd.aws().front().releaseExports();
    change(table, 300);
    TableModel model = new TableModel(table, "pk", "sk");
    model.awaitTopicEqualsTable(PATIENCE);
    change(table, 300);
    List<TopicRecord> records = model.awaitTopicEqualsTable(PATIENCE);

    assertThat(records).anyMatch(r -> r.header("dynamodb_event_name") == null);
    assertThat(records).anyMatch(r -> "REMOVE".equals(r.header("dynamodb_event_name")));
    Steps.assertNoneIsSkipped(records);
    EndToEnd.worker().rest().delete("consistency");
  }

  /** Puts, overwrites and deletes on few keys; an item counts how often its key was put. */
  private void change(String table, int times) {
    for (int i = 0; i < times; i++) {
      String pk = "k" + random.nextInt(40);
      int sk = random.nextInt(3);
      if (random.nextInt(4) == 0) {
        EndToEnd.aws().tables().delete(table, key(pk, sk));
      } else {
        Map<String, AttributeValue> item = new HashMap<>(key(pk, sk));
        int n = counters.merge(pk + "|" + sk, 1, Integer::sum);
        item.put("n", AttributeValue.fromN(Integer.toString(n)));
        item.put("text", AttributeValue.fromS("a \"text\" \\ of " + pk + " 😀"));
        EndToEnd.aws().tables().put(table, item);
      }
    }
  }

  private static Map<String, AttributeValue> key(String pk, int sk) {
    return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromN(Integer.toString(sk)));
  }
}
