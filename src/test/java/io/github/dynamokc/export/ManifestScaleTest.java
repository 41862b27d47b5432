package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.plan.ExportFiles;
import io.github.dynamokc.plan.ObservedFile;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.Plan;
import io.github.dynamokc.plan.Planner;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.HeardRequests;
import io.github.dynamokc.testing.ImpatientLatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The export of a very large table: fifty thousand data files, read, planned, and given out. */
class ManifestScaleTest {
  private static final int FILES = 50_000;
  private static final String SUMMARY_KEY = "p/AWSDynamoDB/1/manifest-summary.json";
  private static final String FILES_KEY = "p/AWSDynamoDB/1/manifest-files.json";

  /** What Kafka takes as one record unless told otherwise; a task's config has to fit in. */
  private static final int LARGEST_CONFIG = 1_000_000;

  /** Far more than it takes, as the machine may have other things to do. */
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  private static Manifest manifest;

  @BeforeAll
  static void readManifest() throws InterruptedException {
    Random random = new Random(1);
    StringBuilder lines = new StringBuilder();
    long total = 0;
    for (int file = 0; file < FILES; file++) {
      long items = 1 + random.nextInt(1_000_000);
      total += items;
      lines.append(
          ("{\"itemCount\":%d,\"md5Checksum\":\"1B2M2Y8AsgTpgAmY7PhCfg==\",\"etag\":\"%032x-1\","
                  + "\"dataFileS3Key\":\"p/AWSDynamoDB/1/data/%026d.json.gz\"}\n")
              .formatted(items, file, file));
    }
    FakeS3 s3 =
        new FakeS3()
            .put(FILES_KEY, lines.toString())
            .put(
                SUMMARY_KEY,
                "{\"itemCount\":%d,\"manifestFilesS3Key\":\"%s\"}".formatted(total, FILES_KEY));
    ManifestReader reader =
        new ManifestReader(
            new ExportBucket(s3, FakeS3.BUCKET, null, new HeardRequests()),
            new RetryingCalls(
                new Retrier(
                    new ImpatientLatch(),
                    InstantSource.system(),
                    () -> 0L,
                    Duration.ofMinutes(10))));
    long start = System.nanoTime();
    manifest = reader.read(SUMMARY_KEY);
    report("%,d files read from %,d bytes of manifest", start, FILES, lines.length());
  }

  private static void report(String what, long start, Object... arguments) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf("%s in %d ms%n", what.formatted(arguments), took.toMillis());
    assertThat(took).as(what).isLessThan(GENEROUS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 1000})
  void allFilesFitIntoTaskConfigs(int tasks) {
    assertPlanFits("nothing is done", tasks, manifest.files().stream().map(f -> open(f)).toList());
  }

  /** Every second file, so that no two indexes make a range. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 1000})
  void halfOfTheFilesFitIntoTaskConfigsThoughNoTwoAreNeighbours(int tasks) {
    List<ObservedFile> files =
        IntStream.range(0, FILES)
            .mapToObj(
                i -> i % 2 == 0 ? done(manifest.files().get(i)) : open(manifest.files().get(i)))
            .toList();
    assertPlanFits("every second file is done", tasks, files);
  }

  /** At random, which packs worst. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void filesDoneInAnyPatternFitIntoTaskConfigs(int tasks) {
    Random random = new Random(7);
    List<ObservedFile> files =
        manifest.files().stream().map(f -> random.nextBoolean() ? done(f) : open(f)).toList();
    assertPlanFits("a random half is done", tasks, files);
  }

  @Test
  void progressIsComparedWithThePlanQuickly() {
    Plan plan =
        Planner.plan(List.of(table(manifest.files().stream().map(f -> open(f)).toList())), 8);
    List<ObservedFile> later = manifest.files().stream().map(f -> done(f)).toList();
    long start = System.nanoTime();
    assertThat(plan.isStillValid(List.of(table(later)))).isTrue();
    report("%,d files held against a plan", start, FILES);
  }

  private static ObservedFile open(Manifest.DataFile file) {
    return new ObservedFile(file.items(), 0, false);
  }

  private static ObservedFile done(Manifest.DataFile file) {
    return new ObservedFile(file.items(), file.items(), true);
  }

  private static ObservedTable.Loading table(List<ObservedFile> files) {
    return new ObservedTable.Loading(
        "orders", new ExportFiles("arn:export", 1, manifest.bucket(), manifest.filesKey()), files);
  }

  private static void assertPlanFits(String pattern, int tasks, List<ObservedFile> files) {
    long start = System.nanoTime();
    List<String> configs =
        Planner.plan(List.of(table(files)), tasks).tasks().stream()
            .map(TaskAssignment::toConfig)
            .toList();
    int longest = configs.stream().mapToInt(String::length).max().orElseThrow();
    report("%s: planned for %d tasks, longest config %,d", start, pattern, tasks, longest);

    assertThat(configs).hasSize(tasks);
    assertThat(longest).isLessThan(LARGEST_CONFIG);
    assertThat(
            configs.stream()
                .map(TaskAssignment::fromConfig)
                .flatMap(task -> task.work().stream())
                .flatMap(work -> ((TableWork.LoadFiles) work).files().indexes().stream())
                .sorted())
        .containsExactlyElementsOf(
            IntStream.range(0, FILES).filter(i -> !files.get(i).done()).boxed().toList());
  }
}
