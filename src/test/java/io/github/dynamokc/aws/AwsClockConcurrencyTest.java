package io.github.dynamokc.aws;

import static io.github.dynamokc.testing.Schedules.check;
import static io.github.dynamokc.testing.Schedules.together;

import io.github.dynamokc.testing.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers on several threads are learnt from one after the other, in every schedule. */
@Tag(Schedules.TAG)
class AwsClockConcurrencyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static String date(Duration ahead) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.plus(ahead).atOffset(ZoneOffset.UTC));
  }

  private final String right = date(Duration.ZERO);
  private final String minuteAhead = date(Duration.ofMinutes(1));

  @Test
  void twoAnswersAtOnceAreTwoAnswers() {
    Schedules.tryOut(
        Schedules.SOME,
        () -> {
          AwsClock clock = new AwsClock(() -> NOW);
          clock.answered(right, NOW, NOW);
          Schedules.Action answer = () -> clock.answered(minuteAhead, NOW, NOW);
          together(answer, answer);
          check(clock.instant().equals(NOW.plusSeconds(60)), "one of the answers was lost");
        });
  }
}
