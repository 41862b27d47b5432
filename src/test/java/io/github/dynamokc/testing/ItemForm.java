package io.github.dynamokc.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.item.ObviousTranscoder;
import io.github.dynamokc.item.ObviousTranscoder.Member;
import io.github.dynamokc.item.ObviousTranscoder.Members;
import io.github.dynamokc.item.ObviousTranscoder.Spelled;
import io.github.dynamokc.struct.TypedValues;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** The forms that records of items have, each with the obvious way back to the item. */
public enum ItemForm {
  /** Plain JSON. */
  JSON("key.format", "json"),
  /** Text with the types. */
  DYNAMODB_JSON("value.format", "dynamodb_json", "key.format", "primary_key"),
  /** Text in an envelope. */
  ENVELOPE("value.format", "dynamodb_json", "value.layout", "envelope", "key.format", "json"),
  /** The one schema of all items. */
  ATTRIBUTES("value.format", "struct", "struct.schema", "attributes", "key.format", "json"),
  /** A field for each attribute. */
  COLUMNS("value.format", "struct", "struct.number.mode", "string", "key.format", "struct"),
  /** Columns in an envelope. */
  ENVELOPE_OF_COLUMNS(
      "value.format", "struct", "struct.number.mode", "string", "value.layout", "envelope");

  private static final ObjectMapper TREES = new ObjectMapper();

  private final String[] config;

  ItemForm(String... config) {
    this.config = config;
  }

  /** Keys and values of the connector's configuration. */
  public String[] config() {
    return config.clone();
  }

  /** Whether the key attributes must be of the types of the first item. */
  public boolean hasColumns() {
    return this == COLUMNS || this == ENVELOPE_OF_COLUMNS;
  }

  /**
   * An item as the obvious way reads it.
   *
   * @param text its DynamoDB JSON
   * @param typed the same, parsed
   */
  public record Item(String text, Members typed, Members plain, Member partition, Member sort) {
    /** Null if it is no item of a table with the keys {@code PK} and {@code SK}. */
    public static @Nullable Item of(Object typed, String text) {
      try {
        Members plain = ObviousTranscoder.plainItem(typed);
        return new Item(
            text,
            (Members) typed,
            plain,
            ObviousTranscoder.key(typed, "PK"),
            ObviousTranscoder.key(typed, "SK"));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    /**
     * The same of an image, whose record has its key from elsewhere; the keys here are no types.
     */
    public static @Nullable Item ofImage(Object typed, String text) {
      try {
        Members plain = ObviousTranscoder.plainItem(typed);
        Member none = new Member("", "");
        return new Item(text, (Members) typed, plain, none, none);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    private Object keyInJson() {
      return new Members(List.of(inKey("PK", partition), inKey("SK", sort)));
    }

    private static Member inKey(String name, Member key) {
      String text = (String) key.value();
      return new Member(name, key.name().equals("N") ? new Spelled(text) : text);
    }

    private Map<String, Object> keyInStruct() {
      String json =
          TREES
              .createObjectNode()
              .<ObjectNode>set("PK", typedKey(partition))
              .set("SK", typedKey(sort))
              .toString();
      return new TreeMap<>(TypedValues.ofItem(json));
    }

    private static JsonNode typedKey(Member key) {
      return TREES.createObjectNode().put(key.name(), (String) key.value());
    }
  }

  /** Fails unless the record's key, headers and value tell of exactly this item. */
  public void verify(SourceRecord record, Item item) throws IOException {
    Object primaryKey = item.partition().value() + "|" + item.sort().value();
    assertThat(record.headers().lastWithName("primary_key").value()).isEqualTo(primaryKey);
    switch (this) {
      case JSON, ENVELOPE, ATTRIBUTES, ENVELOPE_OF_COLUMNS ->
          assertThat(tree(record.key())).isEqualTo(item.keyInJson());
      case DYNAMODB_JSON -> assertThat(record.key()).isEqualTo(primaryKey);
      case COLUMNS ->
          assertThat(TypedValues.ofColumns((Struct) record.key())).isEqualTo(item.keyInStruct());
    }
    verifyValue(record, item);
  }

  /** Fails unless the record's value tells of exactly this item. */
  public void verifyValue(SourceRecord record, Item item) throws IOException {
    switch (this) {
      case JSON -> assertThat(tree(record.value())).isEqualTo(item.plain());
      case DYNAMODB_JSON -> assertThat(tree(record.value())).isEqualTo(item.typed());
      case ENVELOPE ->
          assertThat(ObviousTranscoder.member(tree(record.value()), "after"))
              .isEqualTo(item.typed());
      case ATTRIBUTES ->
          assertThat(TypedValues.ofAttributes((Struct) record.value()))
              .isEqualTo(TypedValues.ofItem(item.text()));
      case COLUMNS -> assertColumns((Struct) record.value(), item);
      case ENVELOPE_OF_COLUMNS -> assertColumns(((Struct) record.value()).getStruct("after"), item);
    }
  }

  private static void assertColumns(Struct struct, Item item) {
    struct.validate();
    assertThat(TypedValues.ofColumns(struct)).isEqualTo(TypedValues.ofItem(item.text()));
  }

  private static Object tree(Object json) throws IOException {
    return ObviousTranscoder.parse((String) json);
  }
}
