package io.github.dynamokc.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;

/**
 * Lines of an export: items of about a kilobyte of DynamoDB JSON, of all common types, a few
 * nested, one in four with characters beyond ASCII, one in eight with escapes. Their text is made
 * of words, so that gzip makes of them about a quarter, as of real ones.
 */
public final class ExportItems {
  /** The partition key. */
  public static final String PARTITION_KEY = "customerId";

  /** The sort key. */
  public static final String SORT_KEY = "orderNumber";

  private static final int BYTES = 1024;
  private static final String[] WORDS =
      ("delivered to the neighbour please ring twice before leaving parcel at back door customer"
              + " asked for invoice by mail gift wrapping card included standard express return"
              + " label printed fragile keep upright battery inside paid in full voucher applied"
              + " second attempt warehouse north south picked packed checked shipped on time late")
          .split(" ");
  private static final String[] CITIES = {
    "Leeds", "Porto", "Lyon", "Austin", "Osaka", "Bergen", "Köln", "São Paulo"
  };
  private static final String[] STATES = {"NEW", "PAID", "PACKED", "SHIPPED", "DELIVERED"};

  private static final String LINE_START = "{\"Item\":";
  private static final String LINE_END = "}\n";
  private static final String STATUS = "\"status\":{\"S\":\"";

  private ExportItems() {}

  /**
   * A gzip member of {@code count} lines.
   *
   * @param first the number of its first item; the same numbers give the same bytes
   */
  public static byte[] gzip(int first, int count) {
    return gzip(first, count, ExportItems::line);
  }

  /**
   * The same of other lines.
   *
   * @param line the line of an item, by its number, with its end
   */
  static byte[] gzip(int first, int count, IntFunction<String> line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 64 * 1024)) {
      for (int index = first; index < first + count; index++) {
        gzip.write(line.apply(index).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /** The line of an item, with its end. */
  static String line(int index) {
    SplittableRandom random = new SplittableRandom(index * 31L + 7);
    StringBuilder line = new StringBuilder(BYTES + 64).append(LINE_START).append('{');
    line.append("\"customerId\":{\"S\":\"customer-").append(random.nextInt(1_000_000));
    line.append("\"},\"orderNumber\":{\"N\":\"").append(index);
    line.append("\"},\"createdAt\":{\"N\":\"").append(1_700_000_000 + random.nextInt(99_999_999));
    line.append("\"},\"status\":{\"S\":\"").append(STATES[random.nextInt(STATES.length)]);
    line.append("\"},\"paid\":{\"BOOL\":").append(random.nextBoolean());
    line.append("},\"coupon\":{\"NULL\":true},\"total\":{\"N\":\"").append(amount(random));
    line.append("\"},\"address\":{\"M\":{\"name\":{\"S\":\"").append(words(random, 2));
    line.append("\"},\"city\":{\"S\":\"").append(CITIES[random.nextInt(CITIES.length)]);
    line.append("\"},\"zip\":{\"S\":\"").append(random.nextInt(99_999));
    line.append("\"}}},\"tags\":{\"SS\":[\"web\",\"").append(words(random, 1));
    line.append("\"]},\"sizes\":{\"NS\":[\"").append(random.nextInt(9)).append("\",\"10\"]}");
    line.append(",\"trace\":{\"S\":\"").append(new UUID(random.nextLong(), random.nextLong()));
    line.append("\"},\"token\":{\"B\":\"").append(base64(random, 66));
    line.append("\"},\"lines\":{\"L\":[");
    for (int i = 0; i < 3; i++) {
      line.append(i == 0 ? "" : ",").append("{\"M\":{\"sku\":{\"S\":\"sku-");
      line.append(random.nextInt(99_999)).append("\"},\"quantity\":{\"N\":\"");
      line.append(1 + random.nextInt(9)).append("\"},\"price\":{\"N\":\"");
      line.append(amount(random)).append("\"}}}");
    }
    line.append("]},\"note\":{\"S\":\"");
    if (random.nextInt(8) == 0) {
      line.append("they said: \\\"").append(words(random, 3)).append("\\\"\\n");
    }
    while (line.length() < BYTES - 12) {
      line.append(words(random, 1)).append(' ');
    }
    return line.append("\"}}").append(LINE_END).toString();
  }

  /**
   * The line of the item in an incremental export, with its end.
   *
   * @param micros when it was changed, epoch microseconds
   * @param withOldImage whether it was there before, with another status
   */
  static String change(int index, long micros, boolean withOldImage) {
    String line = line(index);
    String item = line.substring(LINE_START.length(), line.length() - LINE_END.length());
    String keys = item.substring(0, item.indexOf(",\"createdAt\"")) + "}";
    return "{\"Metadata\":{\"WriteTimestampMicros\":{\"N\":\"%d\"}},\"Keys\":%s%s,\"NewImage\":%s}\n"
        .formatted(
            micros,
            keys,
            withOldImage ? ",\"OldImage\":" + item.replace(STATUS, STATUS + "UN") : "",
            item);
  }

  private static String words(SplittableRandom random, int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return words.toString();
  }

  private static String base64(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String amount(SplittableRandom random) {
    return String.format(Locale.ROOT, "%.2f", random.nextDouble(1, 1000));
  }
}
