package io.github.dynamokc.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Items that count how often their key was written, in a number attribute {@code n}: a consumer may
 * see stretches again, but never a step of a key that leaves one out.
 */
public final class Steps {
  private static final Pattern N = Pattern.compile("\"n\":(\\d+)");

  private Steps() {}

  public static void assertNoneIsSkipped(List<TopicRecord> records) {
    byKey(records)
        .forEach(
            (key, steps) -> {
              for (int i = 1; i < steps.size(); i++) {
                assertThat(steps.get(i))
                    .as("%s: step %d of %s", key, i, steps)
                    .isLessThanOrEqualTo(steps.get(i - 1) + 1);
              }
            });
  }

  /** The steps of each Kafka key in the order of the topic. */
  public static Map<String, List<Integer>> byKey(List<TopicRecord> records) {
    Map<String, List<Integer>> steps = new HashMap<>();
    for (TopicRecord record : records) {
      Matcher n = N.matcher(String.valueOf(record.value()));
      if (n.find()) {
        steps
            .computeIfAbsent(record.key(), k -> new ArrayList<>())
            .add(Integer.parseInt(n.group(1)));
      }
    }
    return steps;
  }

  /** Reads a topic until enough of it is there. */
  public static List<TopicRecord> await(
      String topic, Duration patience, Predicate<List<TopicRecord>> enough) {
    return await(EndToEnd.kafka().bootstrapServers(), topic, patience, enough);
  }

  /** The same on another broker than that of all tests. */
  public static List<TopicRecord> await(
      String bootstrapServers,
      String topic,
      Duration patience,
      Predicate<List<TopicRecord>> enough) {
    List<TopicRecord> records = new ArrayList<>();
    try (TopicReader reader = TopicReader.open(bootstrapServers, topic)) {
      return Eventually.within(patience, "enough records in topic " + topic)
          .every(Duration.ZERO)
          .until(
              () -> {
                records.addAll(reader.toEnd());
                return records;
              },
              enough,
              read -> read.size() + " records");
    }
  }
}
