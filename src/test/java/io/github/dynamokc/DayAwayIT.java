package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A connector that is away for a day of an AWS of its own, with real tables and streams: it sees
 * from the dates of answers how much time has passed, and what its stream has forgotten.
 */
class DayAwayIT {
  private static final Pattern GAP =
      Pattern.compile("changes between (\\S+) and (\\S+) may be missing");
  private static EmbeddedAws aws;

  @BeforeAll
  static void start() {
    aws = EmbeddedAws.start(WorkDirectory.fresh("day-away"));
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @Test
  void theTimesOfTheGapAreThoseOfAws() {
    aws.tables().create("day-away", string("pk"));
    put("read");
    try (TestConnector connector = TestConnector.start("day-away", config("day-away"))) {
      connector.awaitRecords("day-away", records -> records.size() == 1);
      Instant read = aws.time().instant();
      connector.stop();
      put("lost");
      aws.time().advance(Duration.ofHours(25));
      put("kept");
      connector.resume();

      String failure = connector.awaitFailure();

      Matcher gap = GAP.matcher(failure);
      assertThat(gap.find()).as(failure).isTrue();
      // DynamoDB Local dates changes by the minute.
      assertThat(Instant.parse(gap.group(1)))
          .isBetween(read.minus(Duration.ofMinutes(2)), read.plusSeconds(60));
      assertThat(Instant.parse(gap.group(2)))
          .isBetween(read.plus(Duration.ofMinutes(55)), read.plus(Duration.ofMinutes(70)));
    }
  }

  private static void put(String key) {
    aws.tables().put("day-away", Map.of("pk", AttributeValue.fromS(key)));
  }

  private static Map<String, String> config(String table) {
    Map<String, String> config = EndToEnd.config(1, table);
    aws.reachedBy(config);
    config.put("snapshot.mode", "no_data");
    config.put("stream.start.position", "TRIM_HORIZON");
    config.put("stream.poll.interval.ms", "50");
    config.put("stream.poll.idle.max.ms", "50");
    return config;
  }
}
