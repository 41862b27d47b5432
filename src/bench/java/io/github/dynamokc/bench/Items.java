package io.github.dynamokc.bench;

import java.util.Locale;
import java.util.SplittableRandom;

/** Items of about a kilobyte, of several types and nested, as DynamoDB JSON. */
final class Items {
  /** The partition key, and the only one. */
  static final String KEY = "pk";

  private static final int BYTES = 1024;

  private Items() {}

  static String key(String id) {
    return "{\"" + KEY + "\":{\"S\":\"" + id + "\"}}";
  }

  /** The same for the same id. */
  static String item(String id) {
    SplittableRandom random = new SplittableRandom(id.hashCode());
    StringBuilder item = new StringBuilder(BYTES);
    item.append("{\"" + KEY + "\":{\"S\":\"").append(id).append("\"}");
    item.append(",\"createdAt\":{\"N\":\"").append(1_700_000_000 + random.nextInt(99_999_999));
    item.append("\"},\"status\":{\"S\":\"SHIPPED\"},\"paid\":{\"BOOL\":")
        .append(random.nextBoolean());
    item.append("},\"total\":{\"N\":\"").append(amount(random));
    item.append("\"},\"customer\":{\"M\":{\"name\":{\"S\":\"Customer ")
        .append(random.nextInt(9999));
    item.append("\"},\"city\":{\"S\":\"Köln\"},\"zip\":{\"S\":\"").append(random.nextInt(99_999));
    item.append("\"}}},\"tags\":{\"SS\":[\"new\",\"web\",\"tag").append(random.nextInt(9));
    item.append("\"]},\"lines\":{\"L\":[");
    for (int line = 0; line < 4; line++) {
      item.append(line == 0 ? "" : ",").append("{\"M\":{\"sku\":{\"S\":\"sku-");
      item.append(random.nextInt(99_999)).append("\"},\"quantity\":{\"N\":\"");
      item.append(1 + random.nextInt(9)).append("\"},\"price\":{\"N\":\"");
      item.append(amount(random)).append("\"}}}");
    }
    item.append("]},\"note\":{\"S\":\"");
    while (item.length() < BYTES - 4) {
      item.append((char) ('a' + random.nextInt(26)));
    }
    return item.append("\"}}").toString();
  }

  private static String amount(SplittableRandom random) {
    return String.format(Locale.ROOT, "%.2f", random.nextDouble(1, 1000));
  }
}
