package io.github.dynamokc.stream;

import static io.github.dynamokc.stream.StreamWorld.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.ItemForm;
import io.github.dynamokc.testing.RefusedItem;
import io.github.dynamokc.testing.aws.ScriptedChange;
import java.time.Duration;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What DynamoDB cannot have written is refused in every form, with its shard and number. */
class RefusedChangesTest {
  private static final Duration A_WHILE = Duration.ofMinutes(2);
  private static final String NUMBER = "700000000000000000123";

  private final StreamWorld world = new StreamWorld();

  @ParameterizedTest
  @MethodSource("io.github.dynamokc.testing.RefusedItem#inEachForm")
  void aTaskFailsNamingShardAndSequenceNumber(ItemForm form, RefusedItem item) throws Exception {
    write(form, "{\"pk\":{\"S\":\"b\"}}", item.attributes());

    assertThatThrownBy(() -> world.run(A_WHILE))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("001")
        .hasMessageContaining("sequence number " + NUMBER + ", holds an item")
        .hasMessageContaining(item.message())
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @MethodSource("io.github.dynamokc.testing.RefusedItem#inEachForm")
  void aSkippedChangeIsReportedAndTheNextIsRead(ItemForm form, RefusedItem item) throws Exception {
    world.toleratesErrors = true;
    write(form, "{\"pk\":{\"S\":\"b\"}}", item.attributes());
    world.run(A_WHILE);

    assertThat(world.topic).hasSize(2);
    assertThat(world.status).containsExactly("ITEM_SKIPPED");
  }

  @ParameterizedTest
  @EnumSource(ItemForm.class)
  void twoKeysThatAreNoTextAreNotOne(ItemForm form) throws Exception {
    world.toleratesErrors = true;
    write(form, "{\"pk\":{\"S\":\"\uF7FF\"}}", "\"a\":{\"S\":\"x\"}");
    world.stream.append("001", ScriptedChange.insert("{\"pk\":{\"S\":\"\uF7FE\"}}", "{}"));
    world.run(A_WHILE);

    assertThat(world.topic).hasSize(2);
    assertThat(world.status).containsExactly("ITEM_SKIPPED", "ITEM_SKIPPED");
  }

  /** A good change, one that is to be refused, and a good one. */
  private void write(ItemForm form, String keys, String attributes) throws Exception {
    world.form = form.config();
    world.stream.addShard("001", null);
    world.stream.append("001", put("a", 1));
    world.stream.append(
        "001",
        ScriptedChange.insert(keys, keys.substring(0, keys.length() - 1) + "," + attributes + "}")
            .withSequenceNumber(NUMBER));
    world.stream.append("001", put("c", 1));
    world.start(1);
  }
}
