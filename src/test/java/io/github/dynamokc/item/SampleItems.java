package io.github.dynamokc.item;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Good items of all types, nested, with characters of one to four bytes at any place in a word. */
public final class SampleItems {
  private static final String[] TEXTS = {
    "",
    "a",
    "Köln",
    "São Paulo",
    "日本語のテキスト",
    "😀",
    "plain words of some length",
    "\\\"quoted\\\"\\n",
    "\\u00e9\\/\\ud83d\\ude00",
    "tab\\there",
    "\u07ff\u0800\ud7ff\ue000\uffff",
    "\ud800\udc00\udbff\udfff"
  };
  private static final String[] NUMBERS = {
    "0", "7", "-1.50", "1E+2", "0.000001", "99999999999999999999999999999999999999", "1E-130"
  };
  private static final String[] BINARIES = {
    "", "TQ==", "TWE=", "TWFu", "\\/\\/79", "AAECAwQFBgcICQo="
  };

  private SampleItems() {}

  /**
   * The attributes of an item with the keys {@code PK} and {@code SK}.
   *
   * @param partitionType S, N or B
   * @param sortType S, N or B
   */
  public static String item(Random random, String partitionType, String sortType) {
    List<String> attributes = new ArrayList<>();
    int count = random.nextInt(8) == 0 ? 70 : random.nextInt(6);
    for (int i = 0; i < count; i++) {
      attributes.add(name(random, i) + space(random) + ":" + value(random, 3));
    }
    attributes.add("\"PK\":" + scalar(random, partitionType));
    attributes.add("\"SK\":" + scalar(random, sortType));
    Collections.shuffle(attributes, random);
    return "{" + String.join(",", attributes) + "}";
  }

  private static String name(Random random, int number) {
    return switch (random.nextInt(4)) {
      case 0 -> "\"é" + number + "\"";
      case 1 -> "\"attributeWithALongName" + number + "\"";
      case 2 -> "\"\\u0061" + number + "\"";
      default -> "\"a" + number + "\"";
    };
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 8 : 11)) {
      case 0 -> scalar(random, "S");
      case 1 -> scalar(random, "N");
      case 2 -> scalar(random, "B");
      case 3 -> "{\"BOOL\":" + random.nextBoolean() + "}";
      case 4 -> "{\"NULL\":true}";
      case 5 -> set(random, "S");
      case 6 -> set(random, "N");
      case 7 -> set(random, "B");
      case 8, 9 -> "{\"M\":{" + members(random, depth - 1) + "}}";
      default -> "{\"L\":[" + values(random, depth - 1) + "]}";
    };
  }

  private static String scalar(Random random, String type) {
    return "{\"" + type + "\":" + space(random) + quoted(random, type) + "}";
  }

  private static String set(Random random, String type) {
    List<String> elements = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      elements.add(quoted(random, type));
    }
    return "{\"" + type + "S\":[" + String.join(",", elements) + "]}";
  }

  private static String members(Random random, int depth) {
    List<String> members = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      members.add(name(random, i) + ":" + value(random, depth));
    }
    return String.join(",", members);
  }

  private static String values(Random random, int depth) {
    List<String> values = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(value(random, depth));
    }
    return String.join(",", values);
  }

  private static String quoted(Random random, String type) {
    String[] texts =
        switch (type) {
          case "N" -> NUMBERS;
          case "B" -> BINARIES;
          default -> TEXTS;
        };
    return "\"" + texts[random.nextInt(texts.length)] + "\"";
  }

  private static String space(Random random) {
    return random.nextInt(10) == 0 ? " " : "";
  }
}
