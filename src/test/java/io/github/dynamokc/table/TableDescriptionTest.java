package io.github.dynamokc.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be read from an ARN. */
class TableDescriptionTest {
  private static final String STREAMS =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/stream/";

  @Test
  void theLabelOfAStreamIsTheTimeOfItsStart() {
    assertThat(TableDescription.streamSince(STREAMS + "2023-11-15T03:54:01.123"))
        .isEqualTo(Instant.parse("2023-11-15T03:54:01.123Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest", "2023-11-15"})
  void anyOtherLabelIsNoTime(String label) {
    assertThat(TableDescription.streamSince(STREAMS + label)).isNull();
  }
}
