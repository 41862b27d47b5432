package io.github.dynamokc.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void textAndBytesCountAsLongAsTheyAre() {
    byte[] bytes = {1, 2, 3};
    assertThat(Payload.of("text")).isEqualTo(new Payload(Schema.STRING_SCHEMA, "text", 4));
    assertThat(Payload.of(bytes)).isEqualTo(new Payload(Schema.BYTES_SCHEMA, bytes, 3));
    assertThat(Payload.NONE.value()).isNull();
  }

  @Test
  void aStructCountsFourTimesItsImage() {
    Struct struct = new Struct(SchemaBuilder.struct().build());
    assertThat(Payload.of(struct, 100)).isEqualTo(new Payload(struct.schema(), struct, 400));
  }
}
