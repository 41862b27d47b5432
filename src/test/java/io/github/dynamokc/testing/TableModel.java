package io.github.dynamokc.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.kafka.KeyedView;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The truth is the table: what a consumer that applies a topic by key must end with. It is worked
 * out from a scan with the SDK, by none of the connector's code.
 */
public final class TableModel {
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final String table;
  private final List<String> keys;

  /**
   * @param keys the key attributes in key-schema order
   */
  public TableModel(String table, String... keys) {
    this.table = table;
    this.keys = List.of(keys);
  }

  /**
   * Reads the topic on until it equals the table, applied by key.
   *
   * @return all records of the topic so far
   */
  public List<TopicRecord> awaitTopicEqualsTable(Duration patience) {
    return awaitTopicEqualsTable(table, patience);
  }

  /** As above, for a topic with a name of its own. */
  public List<TopicRecord> awaitTopicEqualsTable(String topic, Duration patience) {
    Map<String, JsonNode> truth = truth();
    List<TopicRecord> records = new ArrayList<>();
    KeyedView view = new KeyedView();
    long deadline = System.nanoTime() + patience.toNanos();
    try (TopicReader reader = TopicReader.open(EndToEnd.kafka().bootstrapServers(), topic)) {
      while (true) {
        List<TopicRecord> more = reader.toEnd();
        records.addAll(more);
        view.apply(more);
        List<String> differences = differences(truth, view);
        if (differences.isEmpty()) {
          return records;
        }
        if (System.nanoTime() - deadline > 0) {
          throw new AssertionError(
              "Topic %s (%d records, %d keys) differs from table %s (%d items) after %s:%n%s%n%s"
                  .formatted(
                      topic,
                      records.size(),
                      view.records().size(),
                      table,
                      truth.size(),
                      patience,
                      String.join("\n", differences.subList(0, Math.min(20, differences.size()))),
                      EndToEnd.worker().logTail()));
        }
      }
    }
  }

  /** The table's items as plain JSON, by Kafka key. */
  public Map<String, JsonNode> truth() {
    Map<String, JsonNode> truth = new TreeMap<>();
    for (Map<String, AttributeValue> item : EndToEnd.aws().tables().scan(table)) {
      ObjectNode key = NODES.objectNode();
      keys.forEach(name -> key.set(name, plain(item.get(name))));
      truth.put(key.toString(), normal(object(item)));
    }
    return truth;
  }

  private static List<String> differences(Map<String, JsonNode> truth, KeyedView view) {
    List<String> differences = new ArrayList<>();
    Map<String, String> values = view.values();
    truth.forEach(
        (key, item) -> {
          String value = values.get(key);
          if (value == null) {
            differences.add("missing in the topic: " + key);
          } else if (!normal(parse(value)).equals(item)) {
            differences.add("different: " + key + ": table " + item + ", topic " + value);
          }
        });
    values.keySet().stream()
        .filter(key -> !truth.containsKey(key))
        .forEach(key -> differences.add("not in the table: " + key));
    return differences;
  }

  private static ObjectNode object(Map<String, AttributeValue> attributes) {
    ObjectNode object = NODES.objectNode();
    attributes.forEach((name, value) -> object.set(name, plain(value)));
    return object;
  }

  private static JsonNode plain(AttributeValue value) {
    return switch (value.type()) {
      case S -> NODES.textNode(value.s());
      case N -> number(value.n());
      case B -> base64(value.b());
      case BOOL -> NODES.booleanNode(value.bool());
      case NUL -> NODES.nullNode();
      case M -> object(value.m());
      case L -> array(value.l().stream().map(TableModel::plain).toList());
      case SS -> array(value.ss().stream().<JsonNode>map(NODES::textNode).toList());
      case NS -> array(value.ns().stream().map(TableModel::number).toList());
      case BS -> array(value.bs().stream().map(TableModel::base64).toList());
      case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("Unknown type: " + value);
    };
  }

  private static JsonNode base64(SdkBytes bytes) {
    return NODES.textNode(Base64.getEncoder().encodeToString(bytes.asByteArray()));
  }

  private static JsonNode number(String text) {
    BigDecimal number = new BigDecimal(text);
    return number.stripTrailingZeros().scale() <= 0
        ? NODES.numberNode(number.toBigIntegerExact())
        : NODES.numberNode(number.stripTrailingZeros());
  }

  private static ArrayNode array(List<JsonNode> elements) {
    return NODES.arrayNode().addAll(elements);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + json, e);
    }
  }

  /** Numbers that are equal get equal nodes: integers big, fractions without trailing zeros. */
  private static JsonNode normal(JsonNode node) {
    if (node.isObject()) {
      ObjectNode object = NODES.objectNode();
      node.fields().forEachRemaining(f -> object.set(f.getKey(), normal(f.getValue())));
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = NODES.arrayNode();
      node.forEach(element -> array.add(normal(element)));
      return array;
    }
    return node.isNumber() ? number(node.decimalValue().toPlainString()) : node;
  }
}
