package io.github.dynamokc.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The worker's clock is set right by what AWS's answers show, within what they can show. */
class AwsClockTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00.700Z");

  /** The worker's. */
  private final ManualClock local = new ManualClock(START);

  private final AwsClock clock = new AwsClock(local);

  @Test
  void beforeAnyAnswerItIsTheWorkersClock() {
    assertThat(clock.instant()).isEqualTo(START);
  }

  @ParameterizedTest
  @ValueSource(ints = {-86_400, -240, -4, 4, 240, 86_400})
  void oneAnswerTellsTheDifference(int seconds) {
    answer(Duration.ofSeconds(seconds), Duration.ofMillis(20));

    assertThat(difference())
        .isBetween(Duration.ofSeconds(seconds - 1), Duration.ofSeconds(seconds + 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1900, -1000, 0, 1000, 1900})
  void aSmallDifferenceIsNone(long millis) {
    for (int answers = 0; answers < 50; answers++) {
      answer(Duration.ofMillis(millis), Duration.ofMillis(20));
      assertThat(difference()).isZero();
    }
  }

  /** The answer may have been written when the request was sent, or just before it came. */
  @ParameterizedTest
  @ValueSource(ints = {0, 15, 29})
  void whatTheNetworkExplainsIsNoDifference(int secondsAtAws) {
    Instant sent = local.instant();
    local.advance(Duration.ofSeconds(30));
    clock.answered(date(sent.plusSeconds(secondsAtAws)), sent, local.instant());

    assertThat(difference()).isZero();
  }

  @Test
  void manyAnswersTellTheDifferenceMoreExactly() {
    Random random = new Random(7);
    Duration right = Duration.ofMillis(-240_300);
    for (int answers = 0; answers < 200; answers++) {
      answer(right, Duration.ofMillis(10 + random.nextInt(3000)));
      local.advance(Duration.ofMillis(random.nextInt(5000)));
    }

    assertThat(difference().minus(right).abs()).isLessThan(Duration.ofMillis(200));
  }

  @Test
  void timeDoesNotJumpWithJitter() {
    Random random = new Random(7);
    answer(Duration.ofMinutes(4), Duration.ofMillis(20));
    for (int answers = 0; answers < 200; answers++) {
      Instant before = clock.instant();
      Instant localBefore = local.instant();
      answer(Duration.ofMinutes(4), Duration.ofMillis(random.nextInt(10_000)));
      Duration jump =
          Duration.between(before, clock.instant())
              .minus(Duration.between(localBefore, local.instant()));
      assertThat(jump.abs()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void oneAnswerThatIsFarOffIsNotBelieved() {
    answer(Duration.ofSeconds(240), Duration.ofMillis(20));
    answer(Duration.ofSeconds(-5000), Duration.ofMillis(20));
    assertThat(difference()).isBetween(Duration.ofSeconds(239), Duration.ofSeconds(241));
    answer(Duration.ofSeconds(240), Duration.ofMillis(20));
    answer(Duration.ofSeconds(7000), Duration.ofMillis(20));

    assertThat(difference()).isBetween(Duration.ofSeconds(239), Duration.ofSeconds(241));
  }

  @Test
  void aWorkersClockThatIsSetRightIsNoticed() {
    answer(Duration.ofSeconds(240), Duration.ofMillis(20));
    answer(Duration.ZERO, Duration.ofMillis(20));
    answer(Duration.ZERO, Duration.ofMillis(20));

    assertThat(difference()).isZero();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "Sun, 01 Mar",
        "2026-03-01T12:00:00Z",
        "Sun, 32 Mar 2026 12:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT"
      })
  void aHeaderThatIsNoDateTeachesNothing(@Nullable String date) {
    clock.answered(date, START, START);
    assertThat(difference()).isZero();
    answer(Duration.ofSeconds(240), Duration.ofMillis(20));
    clock.answered(date, local.instant(), local.instant());

    assertThat(difference()).isBetween(Duration.ofSeconds(239), Duration.ofSeconds(241));
  }

  @Test
  void anAnswerBeforeItsRequestTeachesNothing() {
    clock.answered(date(START.plusSeconds(500)), START, START.minusSeconds(1));

    assertThat(difference()).isZero();
  }

  private Duration difference() {
    return Duration.between(local.instant(), clock.instant());
  }

  /** AWS, whose clock is so far ahead, answers in the middle of the time that the call takes. */
  private void answer(Duration ahead, Duration takes) {
    Instant sent = local.instant();
    local.advance(takes.dividedBy(2));
    String date = date(local.instant().plus(ahead));
    local.advance(takes.dividedBy(2));
    clock.answered(date, sent, local.instant());
  }

  private static String date(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }
}
