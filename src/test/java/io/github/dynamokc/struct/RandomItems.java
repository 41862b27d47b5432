package io.github.dynamokc.struct;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Items by a seed, whose few attributes are of any type at any time. Not thread-safe. */
final class RandomItems {
  static final String KEY = "pk";

  private static final int NAMES = 14;
  private static final int DEEPEST = 3;

  private final long seed;
  private final Random random;
  private int made;

  RandomItems(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** The key of the item that was made last. */
  String key() {
    return seed + "-" + made;
  }

  /** Another item in DynamoDB JSON, with a key of its own. */
  String next() {
    made++;
    List<String> attributes = new ArrayList<>();
    attributes.add("\"pk\":{\"S\":\"" + key() + "\"}");
    for (int i = random.nextInt(4); i >= 0; i--) {
      // Later names are met later.
      int name = random.nextInt(Math.min(NAMES, 2 + made / 10));
      attributes.add("\"a" + name + "-" + i + "\":" + value(DEEPEST));
    }
    return "{" + String.join(",", attributes) + "}";
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 8)) {
      case 0, 1 -> "{\"S\":" + text() + "}";
      case 2, 3 -> "{\"N\":" + number() + "}";
      case 4 -> "{\"B\":" + bytes() + "}";
      case 5 -> "{\"BOOL\":" + random.nextBoolean() + "}";
      case 6 -> random.nextBoolean() ? "{\"SS\":[" + text() + "]}" : "{\"NS\":[" + number() + "]}";
      case 7 -> "{\"BS\":[" + bytes() + "]}";
      case 8 -> "{\"L\":[" + value(depth - 1) + "," + value(depth - 1) + "]}";
      default ->
          "{\"M\":{\"x\":"
              + value(depth - 1)
              + ",\"y"
              + random.nextInt(3)
              + "\":"
              + value(depth - 1)
              + "}}";
    };
  }

  private String text() {
    return "\"text " + random.nextInt(1000) + "\"";
  }

  private String number() {
    return "\"" + random.nextInt(1_000_000) + "." + (1 + random.nextInt(9)) + "\"";
  }

  private String bytes() {
    return random.nextBoolean() ? "\"MDAwMA==\"" : "\"\"";
  }
}
