package io.github.dynamokc.monitoring;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of Prometheus' query language as it takes to find the metrics in an expression. */
final class PromQl {
  /** What may hold words that are no metrics: texts, selectors, ranges, lists of labels. */
  private static final Pattern BESIDE =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^\\]]*]"
              + "|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)"
              + "|\\boffset\\s+\\w+|\\b[0-9][\\w.]*");

  /** A word that is no function, as no bracket follows. */
  private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][\\w:]*+(?!\\s*\\()");

  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");

  private PromQl() {}

  static Set<String> metrics(String expression) {
    Set<String> metrics = new TreeSet<>();
    Matcher word = WORD.matcher(BESIDE.matcher(expression).replaceAll(" "));
    while (word.find()) {
      metrics.add(word.group());
    }
    metrics.removeAll(OPERATORS);
    return metrics;
  }
}
