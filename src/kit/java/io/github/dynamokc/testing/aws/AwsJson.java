package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** JSON as the AWS protocols write it. */
final class AwsJson {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();

  static final Charset UTF_8 = StandardCharsets.UTF_8;

  private AwsJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Seconds since the epoch with milliseconds as fraction. */
  static BigDecimal timestamp(Instant instant) {
    return BigDecimal.valueOf(instant.toEpochMilli(), 3);
  }

  static Instant instant(JsonNode timestamp) {
    return Instant.ofEpochMilli(timestamp.decimalValue().movePointRight(3).longValue());
  }
}
