package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Settings of Connect with which the same records take much more of the worker's processor time, or
 * of the broker's. The figures are of the performance page. What only the worker sets is not seen
 * here.
 */
final class CostlySettings {
  private static final String HEADER_CONVERTER = "header.converter";
  private static final String BATCH_SIZE = "producer.override.batch.size";

  /** From here on, batches cost little more than with those of the samples. */
  private static final long LARGE_BATCH = 65_536;

  private CostlySettings() {}

  /** What to set instead, each with the key it is about. */
  static List<ConfigProblem> hints(RawConfig raw, RecordConfig records) {
    List<ConfigProblem> hints = new ArrayList<>();
    text(RecordConfig.KEY_CONVERTER, records.keyFormat() != KeyFormat.STRUCT, raw, hints);
    text(RecordConfig.VALUE_CONVERTER, records.valueFormat() != ValueFormat.STRUCT, raw, hints);
    headers(raw, hints);
    batches(raw, hints);
    return List.copyOf(hints);
  }

  private static void text(
      String key, boolean isText, RawConfig raw, List<ConfigProblem> hints) {
    if (isText && ConverterKind.of(raw.text(key)) == ConverterKind.STRING) {
      hints.add(
          new ConfigProblem(
              key,
              "makes bytes of text once more; org.apache.kafka.connect.converters.ByteArrayConverter writes the same bytes for less"));
    }
  }

  private static void headers(RawConfig raw, List<ConfigProblem> hints) {
    String converter = raw.text(HEADER_CONVERTER);
    if (ConverterKind.of(converter) != ConverterKind.STRING) {
      hints.add(
          new ConfigProblem(
              HEADER_CONVERTER,
              "is %s; org.apache.kafka.connect.storage.StringConverter writes the headers of each record for less"
                  .formatted(converter == null ? "the worker's" : converter)));
    }
  }

  private static void batches(RawConfig raw, List<ConfigProblem> hints) {
    String size = raw.text(BATCH_SIZE);
    if (size == null || isSmall(size)) {
      hints.add(
          new ConfigProblem(
              BATCH_SIZE,
              "is %s; with 262144, broker and worker need fewer and larger requests for the same records"
                  .formatted(size == null ? "the worker's (16384 by default)" : size)));
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
