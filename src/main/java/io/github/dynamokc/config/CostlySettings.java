package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Settings of Connect with which the same records take much more of the worker's processor time, or
 * of the broker's. The figures are of the performance page. What only the worker sets is not seen
 * here.
 */
final class CostlySettings {
  private static final String BATCH_SIZE = "producer.override.batch.size";
  private static final String COMPRESSION = "producer.override.compression.type";

  /** From here on, batches cost little more than with those of the samples. */
  private static final long LARGE_BATCH = 65_536;

  private CostlySettings() {}

  /** What to set instead, each with the key it is about. */
  static List<ConfigProblem> hints(RawConfig raw, RecordConfig records) {
    List<ConfigProblem> hints = new ArrayList<>();
    text(RecordConfig.KEY_CONVERTER, records.keyFormat() != KeyFormat.STRUCT, raw, hints);
    text(RecordConfig.VALUE_CONVERTER, records.valueFormat() != ValueFormat.STRUCT, raw, hints);
    batches(raw, hints);
    compression(raw, hints);
    return List.copyOf(hints);
  }

  private static void text(String key, boolean isText, RawConfig raw, List<ConfigProblem> hints) {
    if (isText && ConverterKind.of(raw.text(key)) == ConverterKind.STRING) {
      hints.add(
          new ConfigProblem(
              key,
              "makes bytes of text once more, which takes a quarter more of the worker's processor time; org.apache.kafka.connect.converters.ByteArrayConverter writes the same bytes"));
    }
  }

  private static void batches(RawConfig raw, List<ConfigProblem> hints) {
    String size = raw.text(BATCH_SIZE);
    if (size == null || isSmall(size)) {
      hints.add(
          new ConfigProblem(
              BATCH_SIZE,
              "is %s; with 262144 the worker takes a fifth less processor time, and the broker less"
                  .formatted(size == null ? "the worker's (16384 by default)" : size)));
    }
  }

  private static void compression(RawConfig raw, List<ConfigProblem> hints) {
    String type = raw.text(COMPRESSION);
    boolean isGzip = "gzip".equals(type);
    if (isGzip || "zstd".equals(type)) {
      hints.add(
          new ConfigProblem(
              COMPRESSION,
              "is %s, with which the worker takes %s times the processor time that it takes with lz4"
                  .formatted(type, isGzip ? "2.2" : "1.7")));
    }
  }

  private static boolean isSmall(String number) {
    try {
      return Long.parseLong(number) < LARGE_BATCH;
    } catch (NumberFormatException e) {
      // Connect refuses it.
      return false;
    }
  }
}
