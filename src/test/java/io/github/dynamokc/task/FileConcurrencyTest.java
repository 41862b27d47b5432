package io.github.dynamokc.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A queue between files that come at some speed, and Kafka that takes them at another. */
class FileConcurrencyTest {
  private static final long QUEUE = 32L << 20;
  private final FileConcurrency concurrency = new FileConcurrency(QUEUE);

  /**
   * @param fileMb what one file gives in a second
   * @param kafkaMb what Kafka takes
   */
  @ParameterizedTest
  @CsvSource({
    "200, 80, 1",
    "90, 80, 1",
    "50, 80, 2",
    "25, 80, 4",
    "12, 80, 7",
    "1, 80, 8",
  })
  void asManyFilesAsKeepKafkaBusy(int fileMb, int kafkaMb, int files) {
    long queued = 0;
    int most = 0;
    for (int second = 0; second < 120; second++) {
      most = Math.max(most, concurrency.files());
      long come = (long) concurrency.files() * fileMb << 20;
      queued = Math.max(0, Math.min(QUEUE, queued + come - ((long) kafkaMb << 20)));
      concurrency.look(queued, concurrency.files());
    }
    assertThat(concurrency.files()).isBetween(Math.max(1, files - 1), files);
    assertThat(most).isLessThanOrEqualTo(files);
  }

  @Test
  void oneThatIsNotAtWorkIsNotTooFew() {
    for (int second = 0; second < 60; second++) {
      concurrency.look(0, 0);
    }
    assertThat(concurrency.files()).isEqualTo(1);
  }

  @Test
  void whatKafkaTakesNoMoreIsNotLoadedByMany() {
    for (int second = 0; second < 10; second++) {
      concurrency.look(0, concurrency.files());
    }
    int before = concurrency.files();
    for (int second = 0; second < 60; second++) {
      concurrency.look(QUEUE, concurrency.files());
    }
    assertThat(before).isGreaterThan(3);
    assertThat(concurrency.files()).isEqualTo(1);
  }
}
