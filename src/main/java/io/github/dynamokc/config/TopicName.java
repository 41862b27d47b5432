package io.github.dynamokc.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Kafka's rule for topic names. */
final class TopicName {
  private static final int MAX_LENGTH = 249;
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");

  private TopicName() {}

  /** What Kafka's metrics call a topic: of two topics with one such name it refuses the second. */
  static String metric(String topic) {
    return topic.replace('.', '_');
  }

  /** What a topic name must be, null if it is. */
  static @Nullable String problem(String topic) {
    if (topic.length() > MAX_LENGTH) {
      return "must make a topic name of at most " + MAX_LENGTH + " characters";
    }
    if (topic.equals(".") || topic.equals("..") || !LEGAL.matcher(topic).matches()) {
      return "must make a legal topic name, of letters, digits, '.', '_' and '-'";
    }
    return null;
  }
}
