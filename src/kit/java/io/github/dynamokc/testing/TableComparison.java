package io.github.dynamokc.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.kafka.KeyedView;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Compares a table with a topic of plain JSON that was applied by key, or with an index of
 * documents that such a topic was written to. It reads DynamoDB's values by itself and shares no
 * code with the connector, so that a fault of the connector cannot hide.
 */
public final class TableComparison {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private TableComparison() {}

  /**
   * What is missing in the topic, what is left over in it, and what has another value; empty when
   * both are the same.
   *
   * @param keys names of the table's key attributes
   */
  public static List<String> differences(
      List<Map<String, AttributeValue>> table, List<String> keys, KeyedView topic) {
    Map<String, TopicRecord> records = new TreeMap<>();
    topic.records().forEach((key, record) -> records.put(keyOf(key), record));
    List<String> differences = new ArrayList<>();
    if (records.size() != topic.records().size()) {
      differences.add("Two keys of the topic are the same item");
    }
    for (Map<String, AttributeValue> item : table) {
      String key = keyOf(item, keys);
      TopicRecord record = records.remove(key);
      if (record == null) {
        differences.add("Only in the table: " + key);
      } else if (!same(AttributeValue.fromM(item), parse(String.valueOf(record.value())))) {
        differences.add(
            "Differs: " + key + "\n    table  " + item + "\n    topic  " + record.value());
      }
    }
    records.forEach((key, record) -> differences.add("Only in the topic: " + key + " " + record));
    return differences;
  }

  /**
   * The same for documents by id, which is the text of the key attributes with a vertical bar
   * between.
   */
  public static List<String> differences(
      List<Map<String, AttributeValue>> table, List<String> keys, Map<String, JsonNode> index) {
    Map<String, JsonNode> documents = new TreeMap<>(index);
    List<String> differences = new ArrayList<>();
    for (Map<String, AttributeValue> item : table) {
      String id =
          keys.stream().map(name -> scalar(item.get(name))).collect(Collectors.joining("|"));
      JsonNode document = documents.remove(id);
      if (document == null) {
        differences.add("Only in the table: " + id);
      } else if (!same(AttributeValue.fromM(item), document)) {
        differences.add("Differs: " + id + "\n    table  " + item + "\n    index  " + document);
      }
    }
    documents.forEach(
        (id, document) -> differences.add("Only in the index: " + id + " " + document));
    return differences;
  }

  private static String keyOf(Map<String, AttributeValue> item, List<String> keys) {
    return keys.stream()
        .map(
            name -> {
              AttributeValue value = item.get(name);
              return name + "=" + (value == null ? "nothing" : scalar(value));
            })
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String keyOf(String json) {
    return parse(json).properties().stream()
        .map(field -> field.getKey() + "=" + scalar(field.getValue()))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String scalar(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s();
      case N -> plain(new BigDecimal(value.n()));
      case B -> base64(value.b());
      default -> throw new IllegalArgumentException("No key: " + value);
    };
  }

  private static String scalar(JsonNode value) {
    return value.isNumber() ? plain(value.decimalValue()) : value.asText();
  }

  private static boolean same(AttributeValue expected, JsonNode actual) {
    return switch (expected.type()) {
      case S -> actual.isTextual() && actual.textValue().equals(expected.s());
      case N -> actual.isNumber() && scalar(actual).equals(scalar(expected));
      case B -> actual.isTextual() && actual.textValue().equals(base64(expected.b()));
      case BOOL -> actual.isBoolean() && actual.booleanValue() == expected.bool();
      case NUL -> actual.isNull();
      case M ->
          actual.isObject()
              && actual.size() == expected.m().size()
              && expected.m().entrySet().stream()
                  .allMatch(
                      field ->
                          actual.has(field.getKey())
                              && same(field.getValue(), actual.path(field.getKey())));
      case L -> {
        List<AttributeValue> elements = expected.l();
        boolean same = actual.isArray() && actual.size() == elements.size();
        for (int i = 0; same && i < elements.size(); i++) {
          same = same(elements.get(i), actual.path(i));
        }
        yield same;
      }
      case SS -> sameSet(expected.ss(), actual);
      case NS ->
          sameSet(expected.ns().stream().map(n -> plain(new BigDecimal(n))).toList(), actual);
      case BS -> sameSet(expected.bs().stream().map(TableComparison::base64).toList(), actual);
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("Unknown type: " + expected);
    };
  }

  /** A set has no order of its own. */
  private static boolean sameSet(List<String> expected, JsonNode actual) {
    List<String> elements =
        StreamSupport.stream(actual.spliterator(), false)
            .map(TableComparison::scalar)
            .sorted()
            .toList();
    return actual.isArray()
        && elements.equals(expected.stream().sorted(Comparator.naturalOrder()).toList());
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static String base64(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON: " + json, e);
    }
  }
}
