package io.github.dynamokc.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.delivery.RecordQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A queue between files that come at some speed, and Kafka that takes them at another. */
class FileConcurrencyTest {
  private static final long SECOND = 1_000_000_000L;
  private final FileConcurrency concurrency = new FileConcurrency();
  private final Random noise = new Random(5);
  private RecordQueue.Use use = new RecordQueue.Use(0, 0, 0);
  private int most;

  /**
   * Some seconds of a load.
   *
   * @param perFile records that one file gives in a second
   * @param atMost records that all files give in a second, as the machine has no more cores
   * @param kafka records that Kafka takes in a second
   */
  private void load(int seconds, double perFile, double atMost, double kafka) {
    for (int second = 0; second < seconds; second++) {
      int files = concurrency.files();
      most = Math.max(most, files);
      double come = Math.min(files * perFile, atMost) * (0.98 + 0.04 * noise.nextDouble());
      double taken = Math.min(come, kafka);
      use =
          new RecordQueue.Use(
              use.taken() + (long) taken,
              use.nanosWithoutRecords() + (long) (SECOND * (1 - taken / kafka)),
              use.nanosWithoutRoom() + (long) (SECOND * files * (1 - taken / come)));
      concurrency.look(use, SECOND, files);
    }
  }

  /** The number at which Kafka waits less than a tenth of the time. */
  @ParameterizedTest
  @CsvSource({"200, 1", "90, 1", "80, 1", "75, 1", "50, 2", "25, 3", "22, 4", "12, 7", "1, 8"})
  void asManyFilesAsKeepKafkaBusy(int perFile, int files) {
    load(120, perFile * 1_000, 1e9, 80_000);
    assertThat(concurrency.files()).isBetween(files, Math.min(8, files + 1));
    assertThat(most).isLessThanOrEqualTo(files + 1);
  }

  /** Where the processor is what is scarce, more threads would only take it from Kafka's. */
  @Test
  void oneMoreThatBringsNothingGoesAgain() {
    load(4, 60_000, 60_000, 80_000);
    assertThat(concurrency.files()).as("tried").isEqualTo(2);
    load(40, 60_000, 60_000, 80_000);
    assertThat(concurrency.files()).isEqualTo(1);
    assertThat(most).isEqualTo(2);
    load(40, 30_000, 60_000, 80_000);
    assertThat(concurrency.files()).as("tried again later, when it brings more").isEqualTo(2);
  }

  @Test
  void oneThatIsNotAtWorkIsNotTooFew() {
    for (int second = 0; second < 60; second++) {
      use = new RecordQueue.Use(0, use.nanosWithoutRecords() + SECOND, 0);
      concurrency.look(use, SECOND, 0);
    }
    assertThat(concurrency.files()).isEqualTo(1);
  }

  @Test
  void whatKafkaTakesNoMoreIsNotLoadedByMany() {
    load(60, 10_000, 1e9, 80_000);
    assertThat(concurrency.files()).isGreaterThan(6);
    load(60, 10_000, 1e9, 8_000);
    assertThat(concurrency.files()).isBetween(1, 2);
  }
}
