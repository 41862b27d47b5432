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

  /** What is wrong with a topic name, null if nothing is. */
  static @Nullable String problem(String topic) {
    if (topic.length() > MAX_LENGTH) {
      return "makes a topic name of " + topic.length() + " characters; Kafka allows " + MAX_LENGTH;
    }
    if (topic.equals(".") || topic.equals("..") || !LEGAL.matcher(topic).matches()) {
      return "makes no legal topic name: only letters, digits, '.', '_' and '-' are allowed";
    }
    return null;
  }
}
