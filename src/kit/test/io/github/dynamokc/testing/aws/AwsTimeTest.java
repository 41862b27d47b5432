package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwsTimeTest {
  @TempDir Path directory;

  @Test
  void itBeginsAsTheMachinesAndRunsOnAheadOfIt() {
    AwsTime time = AwsTime.in(directory.resolve("time"));
    Instant before = Instant.now();
    assertThat(time.instant()).isBetween(before, Instant.now());

    time.advance(Duration.ofHours(25));
    time.advance(Duration.ofMillis(5));

    Duration ahead = Duration.ofHours(25).plusMillis(5);
    assertThat(time.instant()).isBetween(before.plus(ahead), Instant.now().plus(ahead));
    assertThat(Instant.ofEpochMilli(time.millis()))
        .isBetween(before.plus(ahead).minusMillis(1), Instant.now().plus(ahead));
  }

  @Test
  void whoMapsTheSameFileSeesTheMove() {
    AwsTime one = AwsTime.in(directory.resolve("time"));
    AwsTime other = AwsTime.in(directory.resolve("time"));

    one.advance(Duration.ofDays(1));

    assertThat(other.instant()).isAfter(Instant.now().plus(Duration.ofHours(23)));
  }

  @Test
  void itNeverGoesBack() {
    AwsTime time = AwsTime.in(directory.resolve("time"));

    assertThatThrownBy(() -> time.advance(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot go back");
  }
}
