package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/**
 * What is not of AWS, for who has nothing but a client: PutItem to a table that cannot be. DynamoDB
 * Local knows ROLLOVER; ADVANCE_TIME with SECONDS, as text, moves the time of the whole AWS, and
 * has DynamoDB Local's own DILATE_TIME, which moves its streams alone, refused.
 */
final class TestControl {
  static final String TABLE = "[TEST_CONTROL]";

  private TestControl() {}

  /** How far the request moves the time; empty if it is another request. */
  static Optional<Duration> timeMove(AwsRequest request) {
    if (!request.action().equals("PutItem")) {
      return Optional.empty();
    }
    JsonNode body = request.json();
    String action = body.path("Item").path("ACTION").path("S").asText();
    if (!body.path("TableName").asText().equals(TABLE) || action.equals("ROLLOVER")) {
      return Optional.empty();
    }
    String seconds = body.path("Item").path("SECONDS").path("S").asText();
    if (!action.equals("ADVANCE_TIME") || !seconds.matches("\\d{1,9}")) {
      throw AwsErrorException.badRequest(
          "ValidationException",
          "The item of %s must have ACTION ROLLOVER, or ADVANCE_TIME and SECONDS, is %s"
              .formatted(TABLE, body.path("Item")));
    }
    return Optional.of(Duration.ofSeconds(Long.parseLong(seconds)));
  }
}
