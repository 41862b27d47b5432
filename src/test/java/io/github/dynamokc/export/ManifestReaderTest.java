package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.HeardRequests;
import io.github.dynamokc.testing.ImpatientLatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** A manifest is taken as it stands, and only if it is whole and agrees with itself. */
class ManifestReaderTest {
  private static final String SUMMARY_KEY = "p/AWSDynamoDB/1/manifest-summary.json";
  private static final String FILES_KEY = "p/AWSDynamoDB/1/manifest-files.json";
  private static final String SUMMARY =
      "{\"version\":\"2020-06-30\",\"itemCount\":8,\"manifestFilesS3Key\":\"" + FILES_KEY + "\"}";
  private static final String FILE_A =
      "{\"itemCount\":5,\"md5Checksum\":\"m1\",\"etag\":\"x-1\",\"dataFileS3Key\":\"data/a.json.gz\"}";
  private static final String FILE_B =
      "{\"itemCount\":3,\"md5Checksum\":\"m2\",\"etag\":\"x-2\",\"dataFileS3Key\":\"data/b.json.gz\"}";

  private static final ExportWindow WINDOW =
      new ExportWindow(1_700_000_000_000L, 1_700_003_600_000L);
  private static final String INCREMENTAL =
      SUMMARY.replace(
          "}",
          ",\"exportFromTime\":\"2023-11-14T22:13:20.000Z\",\"exportToTime\":\"2023-11-14T23:13:20.000Z\","
              + "\"outputView\":\"NEW_AND_OLD_IMAGES\",\"exportType\":\"INCREMENTAL_EXPORT\"}");

  private final FakeS3 s3 = new FakeS3();
  private final ImpatientLatch stopped = new ImpatientLatch();
  private final ManifestReader reader =
      new ManifestReader(
          new ExportBucket(s3, FakeS3.BUCKET, "123456789012", new HeardRequests()),
          new RetryingCalls(
              new Retrier(stopped, InstantSource.system(), () -> 0L, Duration.ofMinutes(10))));

  private Manifest readIncremental(String summary, String files) throws InterruptedException {
    s3.put(SUMMARY_KEY, summary).put(FILES_KEY, files);
    return reader.readIncremental(SUMMARY_KEY, WINDOW);
  }

  private Manifest read(String summary, String files) throws InterruptedException {
    s3.put(SUMMARY_KEY, summary).put(FILES_KEY, files);
    return reader.read(SUMMARY_KEY);
  }

  @Test
  void filesComeInTheOrderOfTheManifest() throws InterruptedException {
    assertThat(read(SUMMARY, FILE_B + "\n" + FILE_A + "\n"))
        .isEqualTo(
            new Manifest(
                FakeS3.BUCKET,
                FILES_KEY,
                List.of(
                    new DataFile("data/b.json.gz", 3, "m2"),
                    new DataFile("data/a.json.gz", 5, "m1"))));
    assertThat(s3.requests())
        .allSatisfy(r -> assertThat(r.expectedBucketOwner()).isEqualTo("123456789012"));
  }

  @Test
  void blankLinesAndCarriageReturnsDoNotCount() throws InterruptedException {
    assertThat(read(SUMMARY, FILE_A + "\r\n\r\n" + FILE_B + "\r\n \n").files()).hasSize(2);
    assertThat(read(SUMMARY, FILE_A + "\n" + FILE_B).files()).hasSize(2);
  }

  @Test
  void anExportOfNothingHasNoFiles() throws InterruptedException {
    assertThat(read(SUMMARY.replace("8", "0"), "").files()).isEmpty();
  }

  @Test
  void countsThatDifferAreAContradiction() {
    assertThatThrownBy(() -> read(SUMMARY, FILE_A + "\n"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("contradicts itself")
        .hasMessageContaining(SUMMARY_KEY + " says 8 items")
        .hasMessageContaining(FILES_KEY + " have 5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; no usable 'manifestFilesS3Key'",
        "{\"manif; is not JSON",
        "[]; no usable 'manifestFilesS3Key'",
        "null; no usable 'manifestFilesS3Key'",
        "{\"itemCount\":8}; no usable 'manifestFilesS3Key'",
        "{\"itemCount\":8,\"manifestFilesS3Key\":\"\"}; no usable 'manifestFilesS3Key'",
        "{\"itemCount\":8,\"manifestFilesS3Key\":7}; no usable 'manifestFilesS3Key'",
        "{\"manifestFilesS3Key\":\"p/AWSDynamoDB/1/manifest-files.json\"}; no usable 'itemCount'",
        "{\"itemCount\":\"8\",\"manifestFilesS3Key\":\"p/AWSDynamoDB/1/manifest-files.json\"}; no usable 'itemCount'",
        "{\"itemCount\":-8,\"manifestFilesS3Key\":\"p/AWSDynamoDB/1/manifest-files.json\"}; no usable 'itemCount'",
      })
  void anIncompleteSummaryIsRefusedByItsName(String summary, String message) {
    assertThatThrownBy(() -> read(summary, FILE_A + "\n" + FILE_B))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("The manifest s3://exports/" + SUMMARY_KEY)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"itemCount\":5,; is not JSON",
        "{}; no usable 'dataFileS3Key'",
        "{\"itemCount\":5,\"md5Checksum\":\"m\"}; no usable 'dataFileS3Key'",
        "{\"md5Checksum\":\"m\",\"dataFileS3Key\":\"k\"}; no usable 'itemCount'",
        "{\"itemCount\":5.5,\"md5Checksum\":\"m\",\"dataFileS3Key\":\"k\"}; no usable 'itemCount'",
        "{\"itemCount\":-1,\"md5Checksum\":\"m\",\"dataFileS3Key\":\"k\"}; no usable 'itemCount'",
        "{\"itemCount\":null,\"md5Checksum\":\"m\",\"dataFileS3Key\":\"k\"}; no usable 'itemCount'",
        "{\"itemCount\":5,\"dataFileS3Key\":\"k\"}; no usable 'md5Checksum'",
        "{\"itemCount\":5,\"md5Checksum\":\"\",\"dataFileS3Key\":\"k\"}; no usable 'md5Checksum'",
      })
  void anIncompleteFileLineIsRefusedNamingTheManifest(String line, String message) {
    assertThatThrownBy(() -> read(SUMMARY, FILE_A + "\n" + line + "\n" + FILE_B))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("The manifest s3://exports/" + FILES_KEY)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".000Z", ".000+00:00", "Z"})
  void aWindowsFilesAreThoseOfItsManifest(String end) throws InterruptedException {
    String summary = end.isEmpty() ? INCREMENTAL : INCREMENTAL.replace(".000Z", end);
    assertThat(readIncremental(summary, FILE_B + "\n" + FILE_A + "\n"))
        .isEqualTo(read(SUMMARY, FILE_B + "\n" + FILE_A + "\n"));
    assertThat(readIncremental(summary.replace("8", "0"), "").files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "INCREMENTAL_EXPORT, FULL_EXPORT, 'exportType is FULL_EXPORT, not INCREMENTAL_EXPORT'",
    "NEW_AND_OLD_IMAGES, NEW_IMAGE, 'outputView is NEW_IMAGE, not NEW_AND_OLD_IMAGES'",
    "14T22:13:20, 14T22:13:19, 'exportFromTime is 2023-11-14T22:13:19.000Z, not 2023-11-14T22:13:20Z'",
    "14T22:13:20.000, 14T22:13:20.001, 'exportFromTime is 2023-11-14T22:13:20.001Z'",
    "14T23:13:20, 15T23:13:20, 'exportToTime is 2023-11-15T23:13:20.000Z, not 2023-11-14T23:13:20Z'",
  })
  void aManifestOfAnotherWindowIsRefused(String said, String instead, String message) {
    assertThatThrownBy(
            () -> readIncremental(INCREMENTAL.replace(said, instead), FILE_A + "\n" + FILE_B))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith(
            "The manifest s3://exports/" + SUMMARY_KEY + " is of another export")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exportType", "outputView", "exportFromTime", "exportToTime"})
  void aManifestThatDoesNotSayItsWindowIsRefused(String field) {
    for (String value : new String[] {"1700000000", "\"\"", "null", "\"2023-11-14\""}) {
      String summary =
          INCREMENTAL.replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":" + value);
      assertThat(summary).isNotEqualTo(INCREMENTAL);
      assertThatThrownBy(() -> readIncremental(summary, FILE_A + "\n" + FILE_B))
          .isInstanceOf(ConnectException.class)
          .hasMessageStartingWith("The manifest s3://exports/" + SUMMARY_KEY)
          .hasMessageContaining(field);
    }
  }

  @Test
  void aManifestOfAFullExportIsNoneOfAWindow() {
    assertThatThrownBy(() -> readIncremental(SUMMARY, FILE_A + "\n" + FILE_B))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("no usable 'exportType'");
  }

  @Test
  void countsOfAWindowThatDifferAreAContradiction() {
    assertThatThrownBy(() -> readIncremental(INCREMENTAL, FILE_A + "\n"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("contradicts itself");
  }

  @Test
  void aManifestThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> reader.read("nowhere"))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith(
            "s3:GetObject on s3://exports/nowhere (export.s3.bucket.owner=123456789012) failed: NoSuchKey");
  }

  @Test
  void serverErrorsAreRetried() throws InterruptedException {
    s3.failOnce(FakeS3.error(500, "InternalError")).failOnce(FakeS3.error(503, "SlowDown"));
    assertThat(read(SUMMARY, FILE_A + "\n" + FILE_B).files()).hasSize(2);
    assertThat(s3.requests()).hasSize(6);
    assertThat(stopped.waits()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4hW+Fpyy6e6X2T1V9FUMoQ==",
        "e215be169cb2e9ee97d93d55f4550ca1",
        "E215BE169CB2E9EE97D93D55F4550CA1\n"
      })
  void aManifestWithItsOwnChecksumIsTaken(String md5) throws InterruptedException {
    s3.put(FILES_KEY.replace(".json", ".md5"), md5);
    assertThat(read(SUMMARY, FILE_A + "\n" + FILE_B).files()).hasSize(2);
    assertThat(s3.requests())
        .extracting(GetObjectRequest::key)
        .contains(SUMMARY_KEY.replace(".json", ".md5"), FILES_KEY.replace(".json", ".md5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {SUMMARY_KEY, FILES_KEY})
  void aManifestWithTheChecksumOfOtherBytesIsRefused(String key) {
    s3.put(key.replace(".json", ".md5"), "1B2M2Y8AsgTpgAmY7PhCfg==");
    assertThatThrownBy(() -> read(SUMMARY, FILE_A + "\n" + FILE_B))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("The manifest s3://exports/" + key + " has MD5 ")
        .hasMessageContaining(key.replace(".json", ".md5") + " says 1B2M2Y8AsgTpgAmY7PhCfg==");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sha256:abc", "1B2M2Y8AsgTpgAmY7PhCfg"})
  void aMalformedMd5ProvesNothing(String text) throws InterruptedException {
    s3.put(SUMMARY_KEY.replace(".json", ".md5"), text);
    assertThat(read(SUMMARY, FILE_A + "\n" + FILE_B).files()).hasSize(2);
  }

  @Test
  void aChecksumThatMayNotBeReadProvesNothing() throws InterruptedException {
    s3.put(SUMMARY_KEY.replace(".json", ".md5"), "1B2M2Y8AsgTpgAmY7PhCfg==")
        .deny(SUMMARY_KEY.replace(".json", ".md5"));
    assertThat(read(SUMMARY, FILE_A + "\n" + FILE_B).files()).hasSize(2);
  }
}
