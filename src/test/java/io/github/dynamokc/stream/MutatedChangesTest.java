package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.item.Mutations;
import io.github.dynamokc.item.ObviousTranscoder;
import io.github.dynamokc.item.ObviousTranscoder.Members;
import io.github.dynamokc.item.SampleItems;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.record.ChangeRecordConverter;
import io.github.dynamokc.testing.ItemForm;
import io.github.dynamokc.testing.RecordForms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Answers of GetRecords whose images are damaged in all ways, in all forms of records, against a
 * strict decoder and Jackson: what they refuse is refused, and of what they take the record tells
 * exactly that. Changes are made of a seed, which is printed when it fails.
 */
class MutatedChangesTest {
  private static final String SEED = "20261208";
  private static final int CHANGES = 100;
  private static final Set<String> TYPES_OF_KEYS = Set.of("", "S", "N", "B");
  private static final ObjectMapper TREES = new ObjectMapper();
  private static final SourcePartition.OfShard SHARD =
      new SourcePartition.OfShard("orders", "arn:stream", "shardId-1");
  private static final ShardOffset BEFORE = new ShardOffset.Started(1L, 1L, null);
  private static final ShardOffset.Read READ = new ShardOffset.Read("7", 2L, 5_000L, null);

  @Property(tries = 30, seed = SEED, shrinking = ShrinkingMode.OFF)
  void damagedChangesAreRefusedOrRight(@ForAll long seed) throws Exception {
    verifyChanges(seed);
  }

  @Property(tries = 2_000, seed = SEED, shrinking = ShrinkingMode.OFF)
  @Tag("full")
  void manyDamagedChangesAreRefusedOrRight(@ForAll long seed) throws Exception {
    verifyChanges(seed);
  }

  private static void verifyChanges(long seed) throws Exception {
    Random random = new Random(seed);
    Map<ItemForm, ChangeRecordConverter> converters = new EnumMap<>(ItemForm.class);
    for (ItemForm form : ItemForm.values()) {
      converters.put(
          form, RecordForms.table("orders", "orders", "PK", "SK", form.config()).ofShard(SHARD));
    }
    for (int i = 0; i < CHANGES; i++) {
      String good = SampleItems.item(random, "S", "N");
      // The first is good, so that columns know the types of the keys.
      byte[] image = i == 0 ? good.getBytes(StandardCharsets.UTF_8) : Mutations.of(good, random);
      byte[] body = body(keysOf(good), image);
      ItemForm.Item item = item(body);
      for (ItemForm form : ItemForm.values()) {
        boolean taken = item != null && keysAreGood(form, item);
        List<TrackedRecord> records = recordsOrNone(converters.get(form), body);
        assertThat(records.isEmpty() ? "refused" : "taken")
            .as(() -> form + ", " + new String(body, StandardCharsets.ISO_8859_1))
            .isEqualTo(taken ? "taken" : "refused");
        if (taken) {
          form.verifyValue(records.get(0), item);
        }
      }
    }
  }

  /** Columns need both; text may lack them, as a record has its key from elsewhere. */
  private static boolean keysAreGood(ItemForm form, ItemForm.Item item) {
    String partition = typeOf(item, "PK");
    String sort = typeOf(item, "SK");
    return switch (form) {
      case JSON, DYNAMODB_JSON, ENVELOPE ->
          TYPES_OF_KEYS.contains(partition) && TYPES_OF_KEYS.contains(sort);
      case ATTRIBUTES -> true;
      case COLUMNS, ENVELOPE_OF_COLUMNS -> partition.equals("S") && sort.equals("N");
    };
  }

  /** Of an attribute, empty if there is none. */
  private static String typeOf(ItemForm.Item item, String attribute) {
    return item.typed().members().stream()
        .filter(member -> member.name().equals(attribute))
        .map(member -> ((Members) member.value()).members().get(0).name())
        .findFirst()
        .orElse("");
  }

  private static List<TrackedRecord> recordsOrNone(ChangeRecordConverter converter, byte[] body)
      throws InterruptedException {
    try {
      List<TrackedRecord> records = new ArrayList<>();
      for (ItemChange change : new RecordsParser().parse(body).changes()) {
        records.addAll(converter.change(change, BEFORE, READ, DeliveryCallback.NO_OP));
      }
      return records;
    } catch (MalformedJsonException e) {
      return List.of();
    }
  }

  /** The image as the obvious way reads it, null if that refuses the answer or the item. */
  private static ItemForm.@Nullable Item item(byte[] body) {
    try {
      List<?> records =
          (List<?>) ObviousTranscoder.member(ObviousTranscoder.parse(body), "Records");
      Object image =
          ObviousTranscoder.member(
              ObviousTranscoder.member(records.get(0), "dynamodb"), "NewImage");
      String text = TREES.readTree(body).at("/Records/0/dynamodb/NewImage").toString();
      return ItemForm.Item.ofImage(image, text);
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static String keysOf(String item) throws IOException {
    JsonNode tree = TREES.readTree(item);
    return TREES
        .createObjectNode()
        .<ObjectNode>set("PK", tree.get("PK"))
        .set("SK", tree.get("SK"))
        .toString();
  }

  private static byte[] body(String keys, byte[] image) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(
        """
        {"Records":[{"eventID":"1","eventName":"INSERT","dynamodb":{"ApproximateCreationDateTime":5,
        "SequenceNumber":"7","Keys":%s,"NewImage":"""
            .formatted(keys)
            .getBytes(StandardCharsets.UTF_8));
    body.write(image);
    body.write("}}]}".getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }
}
