package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableRefTest {

  @Test
  void aNameIsItsOwnIdentifier() {
    TableRef table = TableRef.parse("a.b_C-9");
    assertThat(table).isEqualTo(new TableRef("a.b_C-9", null, null, null));
    assertThat(table.identifier()).isEqualTo("a.b_C-9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:dynamodb:%s:123456789012:table/my.orders",
        "arn:aws-cn:dynamodb:%s:123456789012:table/my.orders",
        "arn:aws-us-gov:dynamodb:%s:123456789012:table/my.orders"
      })
  void anArnOfAnyPartitionGivesNameAndRegion(String form) {
    String arn = form.formatted("cn-north-1");
    TableRef table = TableRef.parse(arn);
    assertThat(table).isEqualTo(new TableRef("my.orders", arn, "cn-north-1", "123456789012"));
    assertThat(table.identifier()).isEqualTo(arn);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ab",
        "or ders",
        "tablé",
        "arn:aws:s3:::bucket",
        "arn:aws:dynamodb:eu-west-1:1234:table/orders",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/ab",
        "arn:aws:dynamodb:eu-west-1:123456789012:orders",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/x"
      })
  void anyOtherTextIsRefusedAndQuoted(String text) {
    assertThatThrownBy(() -> TableRef.parse(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(", is " + text);
  }

  @Test
  void aNameHasAtMost255Characters() {
    assertThat(TableRef.parse("a".repeat(255)).name()).hasSize(255);
    assertThatThrownBy(() -> TableRef.parse("a".repeat(256))).isInstanceOf(ConfigException.class);
  }
}
