package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rest takes as long an item as what was loaded. */
class TimeLeftTest {
  @ParameterizedTest
  @CsvSource({
    "1, 3, PT1S, PT2S",
    "10, 10, PT1M, PT0S",
    "12, 10, PT1M, PT0S",
    "3, 4, PT1S, PT0.333S",
    "1000000000000, 2000000000000, PT24H, PT24H"
  })
  void theTimeLeftIsInProportion(long done, long total, Duration took, Duration left) {
    assertThat(TimeLeft.of(done, total, took)).isEqualTo(left);
  }

  @Test
  void theTimeLeftIsUnknownBeforeTheFirstItem() {
    assertThat(TimeLeft.of(0, 10, Duration.ofMinutes(5))).isNull();
  }
}
