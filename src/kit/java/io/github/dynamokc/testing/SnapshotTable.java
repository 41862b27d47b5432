package io.github.dynamokc.testing;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;

import io.github.dynamokc.testing.aws.DataFile;
import io.github.dynamokc.testing.aws.S3Front;
import io.github.dynamokc.testing.aws.SyntheticExport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.ExportSummary;

/** A table whose next export holds items that are numbered through, with the key {@code pk}. */
public final class SnapshotTable {
  private static final int NOISE = 60;

  private final String name;
  private final String arn;

  private SnapshotTable(String name, String arn) {
    this.name = name;
    this.arn = arn;
  }

  /** Creates the table; its next export has a file of items for each size. */
  public static SnapshotTable create(String name, int... sizes) {
    SnapshotTable table = create(name);
    int first = 0;
    List<DataFile> files = new ArrayList<>();
    for (int size : sizes) {
      files.add(file(first, size));
      first += size;
    }
    return table.exporting(files);
  }

  /** Creates the table, whose next export is one of its items. */
  public static SnapshotTable create(String name) {
    return new SnapshotTable(name, EndToEnd.aws().tables().create(name, string("pk")).tableArn());
  }

  /** Gives the next export these files. */
  public SnapshotTable exporting(List<DataFile> files) {
    EndToEnd.aws().front().putSyntheticExport(arn, new SyntheticExport(Instant.now(), files));
    return this;
  }

  /** A data file of items from a number on, which hardly shrinks when it is compressed. */
  public static DataFile file(int first, int items) {
    Random random = new Random(first);
    byte[] noise = new byte[NOISE];
    return DataFile.of(
        IntStream.range(first, first + items)
            .mapToObj(
                number -> {
                  random.nextBytes(noise);
                  return "{\"Item\":{\"pk\":{\"S\":\"%d\"},\"noise\":{\"S\":\"%s\"}}}"
                      .formatted(number, Base64.getEncoder().encodeToString(noise));
                })
            .toList());
  }

  /** The Kafka keys of items that are numbered so. */
  public static List<String> keys(int from, int to) {
    return IntStream.range(from, to).mapToObj("{\"pk\":\"%d\"}"::formatted).toList();
  }

  public String name() {
    return name;
  }

  public String arn() {
    return arn;
  }

  /** Loads only, and in a hurry, with S3 behind the front. */
  public Map<String, String> config(S3Front s3) {
    Map<String, String> config = EndToEnd.config(1, name);
    config.put("aws.s3.endpoint", s3.endpoint().toString());
    config.put("snapshot.mode", "initial_only");
    config.put("export.poll.interval.ms", "200");
    return config;
  }

  /** How many exports of the table were started, and are on the bill. */
  public int exports() {
    return summaries().size();
  }

  /** How many items the only export of the table has. */
  public int itemsExported() {
    String export = summaries().get(0).exportArn();
    return EndToEnd.aws()
        .dynamoDb()
        .describeExport(request -> request.exportArn(export))
        .exportDescription()
        .itemCount()
        .intValue();
  }

  private List<ExportSummary> summaries() {
    return EndToEnd.aws()
        .dynamoDb()
        .listExports(request -> request.tableArn(arn))
        .exportSummaries();
  }
}
