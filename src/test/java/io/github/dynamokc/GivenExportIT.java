package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An export that somebody else has made, loaded instead of paying for another. */
class GivenExportIT {

  @Test
  void aGivenExportIsLoadedWithoutStartingOneAndTheStreamFollows() {
    String table = "given-export";
    EndToEnd.aws().tables().create(table, string("pk"));
    put(table, "exported");
    String export = export(table);
    put(table, "changed since");
    try (TestConnector connector = TestConnector.start(table, config(table, export))) {
      connector.awaitStreaming(table);
      put(table, "changed later");

      assertThat(connector.awaitRecords(table, record -> hasKey(record, "changed later")))
          .extracting(TopicRecord::key)
          .contains(key("exported"), key("changed since"), key("changed later"));
      assertThat(exports(table)).as("the test's own").isEqualTo(1);

      Map<String, String> another = config(table, export.replaceAll("[^/]+$", "another"));
      another.put("aws.preflight.enabled", "false");
      connector.configure(another);
      assertThat(connector.awaitState("FAILED").trace())
          .contains("Table " + table, export, "reset the connector's offsets");
    }
  }

  @Test
  void anExportOfATableThatHadTheSameNameIsRefused() {
    String table = "given-export-old";
    String old = EndToEnd.aws().tables().create(table, string("pk")).tableId();
    String export = export(table);
    EndToEnd.aws().tables().drop(table);
    String now = EndToEnd.aws().tables().create(table, string("pk")).tableId();
    try (TestConnector connector = TestConnector.start(table, config(table, export))) {
      assertThat(connector.awaitFailure()).contains(export, "id " + old, "id " + now);
    }
  }

  private static Map<String, String> config(String table, String export) {
    Map<String, String> config = EndToEnd.config(1, table);
    config.remove("export.s3.bucket");
    config.put("export.arn", export);
    return config;
  }

  private static String export(String table) {
    String arn = EndToEnd.aws().tables().describe(table).tableArn();
    return EndToEnd.aws()
        .dynamoDb()
        .exportTableToPointInTime(request -> request.tableArn(arn).s3Bucket(EndToEnd.BUCKET))
        .exportDescription()
        .exportArn();
  }

  private static int exports(String table) {
    String arn = EndToEnd.aws().tables().describe(table).tableArn();
    return EndToEnd.aws()
        .dynamoDb()
        .listExports(request -> request.tableArn(arn))
        .exportSummaries()
        .size();
  }

  private static void put(String table, String pk) {
    EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS(pk)));
  }

  private static boolean hasKey(List<TopicRecord> records, String pk) {
    return records.stream().anyMatch(record -> record.key().equals(key(pk)));
  }

  private static String key(String pk) {
    return "{\"pk\":\"" + pk + "\"}";
  }
}
