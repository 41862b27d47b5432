package io.github.dynamokc.demo;

import io.github.dynamokc.testing.aws.KeyAttribute;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A table of the demo and what its items look like: every attribute type, and the values that are
 * easy to get wrong.
 *
 * @param items how many items it has before the connector starts
 */
record DemoTable(String name, int items) {
  private static final String PARTITION_KEY = "pk";
  private static final String SORT_KEY = "sk";
  static final List<String> KEYS = List.of(PARTITION_KEY, SORT_KEY);

  KeyAttribute[] keyAttributes() {
    return new KeyAttribute[] {KeyAttribute.string(PARTITION_KEY), KeyAttribute.number(SORT_KEY)};
  }

  /** The key of the {@code index}-th item. */
  Map<String, AttributeValue> key(int index) {
    return Map.of(
        PARTITION_KEY, AttributeValue.fromS(name + "#" + index / 10),
        SORT_KEY, AttributeValue.fromN(Integer.toString(index % 10)));
  }

  List<Map<String, AttributeValue>> seed(RandomGenerator random) {
    List<Map<String, AttributeValue>> seed = new ArrayList<>();
    for (int index = 0; index < items; index++) {
      seed.add(item(index, random));
    }
    return seed;
  }

  /** The {@code index}-th item, with new content each time. */
  Map<String, AttributeValue> item(int index, RandomGenerator random) {
    Map<String, AttributeValue> item = new TreeMap<>(key(index));
    item.put("text", AttributeValue.fromS("Größe \"" + index + "\"\n\t☕ 𝄞 </end>"));
    item.put("amount", AttributeValue.fromN(BigDecimal.valueOf(random.nextInt(), 2).toString()));
    item.put("paid", AttributeValue.fromBool(random.nextBoolean()));
    item.put("tags", AttributeValue.fromSs(List.of("tag" + random.nextInt(5), "all")));
    switch (index % 4) {
      case 0 -> {
        item.put("precise", AttributeValue.fromN("12345678901234567890.123456789012345678"));
        item.put("tiny", AttributeValue.fromN("0.00000000000000000001"));
        item.put("huge", AttributeValue.fromN("1E+40"));
        item.put("numbers", AttributeValue.fromNs(List.of("3.14", "-7", "1000")));
      }
      case 1 -> {
        byte[] bytes = new byte[1 + random.nextInt(64)];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) random.nextInt();
        }
        item.put("bytes", AttributeValue.fromB(SdkBytes.fromByteArray(bytes)));
        item.put(
            "chunks",
            AttributeValue.fromBs(
                List.of(SdkBytes.fromUtf8String("one"), SdkBytes.fromUtf8String("two"))));
        item.put("nothing", AttributeValue.fromNul(true));
        item.put("empty", AttributeValue.fromS(""));
      }
      case 2 ->
          item.put(
              "address",
              AttributeValue.fromM(
                  Map.of(
                      "city", AttributeValue.fromS("Köln"),
                      "zip", AttributeValue.fromN(Integer.toString(10_000 + index)),
                      "empty", AttributeValue.fromM(Map.of()),
                      "geo",
                          AttributeValue.fromL(
                              List.of(
                                  AttributeValue.fromN("50.94"), AttributeValue.fromN("6.96"))))));
      default ->
          item.put(
              "lines",
              AttributeValue.fromL(
                  List.of(
                      AttributeValue.fromS("first"),
                      AttributeValue.fromN(Integer.toString(random.nextInt(100))),
                      AttributeValue.fromNul(true),
                      AttributeValue.fromL(List.of()),
                      AttributeValue.fromM(Map.of("ok", AttributeValue.fromBool(true))))));
    }
    return item;
  }
}
