package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.DataFile;
import io.github.dynamokc.testing.aws.SyntheticExport;
import io.github.dynamokc.testing.kafka.WorkerMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A data file that is not what DynamoDB exported fails its task, and is never taken for loaded. */
class BrokenDataFileIT {
  private static List<String> lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj("{\"Item\":{\"pk\":{\"S\":\"%d\"}}}"::formatted)
        .toList();
  }

  private static DataFile withLine500(String line) {
    List<String> lines = new ArrayList<>(lines(0, 1000));
    lines.set(499, line);
    return DataFile.of(lines);
  }

  @Test
  void aBrokenFileFailsTheTaskNamingFileAndFault() {
    DataFile broken = withLine500("{\"Item\":{\"other\":{\"S\":\"x\"}}}");
    String table = "broken";
    String arn = EndToEnd.aws().tables().create(table, string("pk")).tableArn();
    EndToEnd.aws()
        .front()
        .putSyntheticExport(
            arn, new SyntheticExport(Instant.now(), List.of(DataFile.of(lines(0, 7)), broken)));
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("export.poll.interval.ms", "200");
    try (TestConnector connector = TestConnector.start(table, config)) {
      String failure = connector.awaitFailure();

      String file = keyOf(connector, broken);
      assertThat(failure)
          .contains("Data file s3://" + EndToEnd.BUCKET + "/" + file + " of table " + table)
          .contains(", line 500, is not an item: the partition key 'pk' is missing");
      assertThat(connector.status().state()).isEqualTo("RUNNING");
      assertThat(connector.offsets())
          .noneSatisfy(
              (partition, offset) -> {
                assertThat(partition.path("file").asText()).isEqualTo(file);
                assertThat(offset.path("done").asBoolean()).isTrue();
              });
    }
  }

  @Test
  void aLineThatIsNoItemIsLeftOutAndReportedIfErrorsAreTolerated() {
    String table = "broken-tolerated";
    String arn = EndToEnd.aws().tables().create(table, string("pk")).tableArn();
    DataFile broken = withLine500("{\"Item\":{\"other\":{\"S\":\"secret\"}}}");
    EndToEnd.aws()
        .front()
        .putSyntheticExport(arn, new SyntheticExport(Instant.now(), List.of(broken)));
    Map<String, String> config = EndToEnd.config(1, table);
    config.put("errors.tolerance", "all");
    try (TestConnector connector = TestConnector.start(table, config)) {
      connector.awaitStreaming(table);

      List<String> expected = new ArrayList<>();
      lines(0, 1000).forEach(line -> expected.add(line.replaceAll("\\D", "")));
      expected.remove(499);
      assertThat(TestConnector.records(table))
          .extracting(record -> String.valueOf(record.key()).replaceAll("\\D", ""))
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(connector.statusRecords("ITEM_SKIPPED"))
          .singleElement()
          .satisfies(
              skipped -> {
                assertThat(skipped.path("file").asText()).isEqualTo(keyOf(connector, broken));
                assertThat(skipped.path("line").asInt()).isEqualTo(500);
                assertThat(skipped.toString()).contains("'pk' is missing").doesNotContain("secret");
              });
      assertThat(connector.statusRecords("DATA_FILE_LOADED"))
          .singleElement()
          .satisfies(loaded -> assertThat(loaded.path("items").asInt()).isEqualTo(1000));
      assertThat(WorkerMetrics.of(EndToEnd.worker().pid()).monitor(table, table))
          .containsEntry("exportRecordsProcessed", 1000L);
    }
  }

  /** The key of the object in S3 that is the file. */
  private static String keyOf(TestConnector connector, DataFile file) {
    String exportArn =
        connector.statusRecords().stream()
            .filter(status -> status.path("type").asText().equals("EXPORT_SUBMITTED"))
            .map((JsonNode status) -> status.path("exportArn").asText())
            .findFirst()
            .orElseThrow();
    String exportId = exportArn.substring(exportArn.lastIndexOf('/') + 1);
    return EndToEnd.aws().buckets().keys(EndToEnd.BUCKET).stream()
        .filter(key -> key.contains(exportId + "/data/"))
        .filter(
            key ->
                Arrays.equals(EndToEnd.aws().buckets().object(EndToEnd.BUCKET, key), file.gzip()))
        .findFirst()
        .orElseThrow();
  }
}
