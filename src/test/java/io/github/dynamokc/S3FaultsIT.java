package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.SnapshotTable;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.aws.LoggedS3Request;
import io.github.dynamokc.testing.aws.S3Fault;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** S3 breaks off, stays busy, or refuses. */
class S3FaultsIT {
  private static final int ITEMS = 20_000;

  private final S3Front s3 = new S3Front(EndToEnd.aws().s3Endpoint());

  @AfterEach
  void close() {
    s3.close();
  }

  private static boolean isDataFile(String key) {
    return key.contains("/data/");
  }

  private static boolean isManifest(String key) {
    return key.endsWith("manifest-files.json");
  }

  private List<LoggedS3Request> dataFileRequests() {
    return s3.requests(S3FaultsIT::isDataFile);
  }

  @Test
  void aBodyThatIsCutTwiceIsResumedAndGivesEachItemOnce() {
    SnapshotTable table = SnapshotTable.create("s3-cut", ITEMS);
    s3.failNext(1, S3FaultsIT::isDataFile, new S3Fault.Cut(500_000));
    s3.failNext(1, S3FaultsIT::isDataFile, new S3Fault.Cut(300_000));
    try (TestConnector connector = TestConnector.start(table.name(), table.config(s3))) {
      connector.awaitStatusRecord("EXPORT_LOADED", table.name());

      assertEachItemOnce(table);
      List<LoggedS3Request> requests = dataFileRequests();
      assertThat(requests).extracting(LoggedS3Request::status).containsExactly(200, 206, 206);
      assertThat(requests.get(0).request().range()).isNull();
      assertThat(requests.get(1).request().range()).isEqualTo("bytes=500000-");
      assertThat(requests.get(2).request().range()).isEqualTo("bytes=800000-");
      assertThat(requests.get(0).request().ifMatch()).isNull();
      assertThat(requests.subList(1, 3))
          .extracting(logged -> logged.request().ifMatch())
          .doesNotContainNull()
          .allMatch(eTag -> eTag.equals(requests.get(1).request().ifMatch()));
    }
  }

  @Test
  @Tag("full")
  void aS3ThatStaysBusyFailsTheTaskWhenPatienceEnds() {
    SnapshotTable table = SnapshotTable.create("s3-stays-busy", 500);
    s3.failAll(S3FaultsIT::isDataFile, S3Fault.slowDown());
    Map<String, String> config = withoutRetriesOfTheSdk(table);
    config.put("stall.timeout.ms", "2000");
    try (TestConnector connector = TestConnector.start(table.name(), config)) {
      assertThat(connector.awaitFailure())
          .contains("stall.timeout.ms=2000", "s3:GetObject on s3://exports/", "/data/", "SlowDown");
      s3.clearHooks();
      connector.restart();
      connector.awaitStatusRecord("EXPORT_LOADED", table.name());
    }
  }

  @Test
  @Tag("full")
  void aManifestThatMayNotBeReadFailsTheConnectorWithWhatToAllow() {
    SnapshotTable table = SnapshotTable.create("s3-no-manifest", 500);
    s3.failAll(S3FaultsIT::isManifest, S3Fault.accessDenied());
    try (TestConnector connector = TestConnector.start(table.name(), table.config(s3))) {
      String failure = connector.awaitState("FAILED").trace();

      String manifest =
          "s3://exports/" + s3.requests(S3FaultsIT::isManifest).get(0).request().key();
      assertThat(failure)
          .contains("s3:GetObject on " + manifest + " failed: AccessDenied")
          .contains("Allow s3:GetObject on " + manifest + " to the connector's credentials");
      s3.clearHooks();
      connector.restart();
      connector.awaitStatusRecord("EXPORT_LOADED", table.name());
      assertThat(TestConnector.records(table.name())).hasSize(500);
      assertThat(table.exports()).as("a refusal is not paid for again").isEqualTo(1);
    }
  }

  /** They wait long after SlowDown, and what is tested comes behind them. */
  private Map<String, String> withoutRetriesOfTheSdk(SnapshotTable table) {
    Map<String, String> config = table.config(s3);
    config.put("aws.retries.max", "0");
    config.put("aws.preflight.enabled", "false");
    return config;
  }

  private static void assertEachItemOnce(SnapshotTable table) {
    List<String> keys =
        TestConnector.records(table.name()).stream().map(TopicRecord::key).sorted().toList();
    assertThat(keys).isEqualTo(SnapshotTable.keys(0, ITEMS).stream().sorted().toList());
  }
}
