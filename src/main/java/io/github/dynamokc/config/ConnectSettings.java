package io.github.dynamokc.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of Connect's own settings of a connector the connector has to know.
 *
 * @param toleratesErrors whether {@code errors.tolerance} is {@code all}: what cannot be converted
 *     is skipped
 * @param showsKeys whether {@code errors.log.include.messages} lets messages show keys of items
 * @param hasTransforms whether there are {@code transforms}
 * @param transactionsSpanPolls whether {@code transaction.boundary} is {@code interval}: with
 *     exactly-once, a transaction then has the records of many polls
 * @param transactionInterval how long such a transaction lasts; zero if they do not span polls
 */
public record ConnectSettings(
    boolean toleratesErrors,
    boolean showsKeys,
    boolean hasTransforms,
    boolean transactionsSpanPolls,
    Duration transactionInterval) {
  /** Connect checks the values of all of these. */
  static final String ERRORS_TOLERANCE = "errors.tolerance";

  static final String SHOWS_KEYS = "errors.log.include.messages";
  private static final String TRANSFORMS = "transforms";
  private static final String TRANSACTION_BOUNDARY = "transaction.boundary";
  private static final String TRANSACTION_INTERVAL_MS = "transaction.boundary.interval.ms";

  private static final List<String> PRODUCER_PATIENCE =
      List.of(
          "producer.override.max.block.ms",
          "producer.override.delivery.timeout.ms",
          "producer.override.retries");

  /** The worker's {@code offset.flush.interval.ms}, unless somebody has changed it. */
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(60);

  static ConnectSettings of(RawConfig raw) {
    boolean spans = "interval".equalsIgnoreCase(raw.text(TRANSACTION_BOUNDARY));
    return new ConnectSettings(
        toleratesErrors(raw),
        Boolean.parseBoolean(raw.text(SHOWS_KEYS)),
        raw.has(TRANSFORMS),
        spans,
        spans ? interval(raw.text(TRANSACTION_INTERVAL_MS)) : Duration.ZERO);
  }

  private static boolean toleratesErrors(RawConfig raw) {
    return "all".equalsIgnoreCase(raw.text(ERRORS_TOLERANCE));
  }

  /**
   * Connect has its producer try for ever. With less patience it skips, under {@code
   * errors.tolerance=all}, each record that Kafka cannot take for a while.
   */
  static void addProblems(RawConfig raw, List<ConfigProblem> problems) {
    if (!toleratesErrors(raw)) {
      return;
    }
    for (String key : PRODUCER_PATIENCE) {
      String patience = raw.text(key);
      if (patience != null && !isEndless(patience)) {
        problems.add(
            new ConfigProblem(
                key,
                "must be %d or absent with errors.tolerance=all, is %s: Connect then skips every record that Kafka cannot take in time, as in an outage"
                    .formatted(Integer.MAX_VALUE, patience)));
      }
    }
  }

  private static boolean isEndless(String number) {
    try {
      return Long.parseLong(number) >= Integer.MAX_VALUE;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Duration interval(@Nullable String millis) {
    try {
      return millis == null ? DEFAULT_INTERVAL : Duration.ofMillis(Long.parseLong(millis));
    } catch (NumberFormatException e) {
      return DEFAULT_INTERVAL;
    }
  }
}
