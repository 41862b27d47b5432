package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.binary;
import static io.github.dynamokc.testing.aws.KeyAttribute.string;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Values and keys are the same from the export and from the stream. */
class RecordValuesIT {
  private static final String NINES = "9".repeat(38);

  @Test
  void everyTypeOfARealTableComesThroughExportAndStream() {
    String table = "values-real";
    EndToEnd.aws().tables().create(table, string("pk"), binary("sk"));
    EndToEnd.aws().tables().put(table, item("exported", "1"));
    Map<String, String> config = config(table);
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStreaming(table);
      EndToEnd.aws().tables().put(table, item("exported", "2"));
      EndToEnd.aws().tables().put(table, item("changed", "3"));

      new TableModel(table, "pk", "sk").awaitTopicEqualsTable(Duration.ofSeconds(60));
    }
  }

  private static Map<String, AttributeValue> item(String pk, String n) {
    Map<String, AttributeValue> item = new HashMap<>();
    SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 127});
    item.put("pk", AttributeValue.fromS(pk));
    item.put("sk", AttributeValue.fromB(bytes));
    item.put("s", AttributeValue.fromS("\"'`\\\n\t\u0000\u001f\u2028😀"));
    item.put("n", AttributeValue.fromN(n));
    item.put("precise", AttributeValue.fromN(NINES));
    item.put("small", AttributeValue.fromN("1E-130"));
    item.put("b", AttributeValue.fromB(bytes));
    item.put("yes", AttributeValue.fromBool(true));
    item.put("nul", AttributeValue.fromNul(true));
    item.put("ss", AttributeValue.fromSs(List.of("x", "y")));
    item.put("ns", AttributeValue.fromNs(List.of("1", "2.5")));
    item.put("bs", AttributeValue.fromBs(List.of(bytes)));
    item.put("empty list", AttributeValue.fromL(List.of()));
    item.put(
        "map",
        AttributeValue.fromM(
            Map.of(
                "a.b$", AttributeValue.fromL(List.of(AttributeValue.fromN("7"))),
                "empty", AttributeValue.fromM(Map.of()))));
    return item;
  }

  private static Map<String, String> config(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("export.poll.interval.ms", "200");
    config.put("topic.creation.default.partitions", "1");
    return config;
  }
}
