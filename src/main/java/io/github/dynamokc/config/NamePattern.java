package io.github.dynamokc.config;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression for whole names of tables. Two of one text are equal, unlike two of {@link
 * Pattern}.
 */
public final class NamePattern {
  private final Pattern pattern;

  private NamePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles an expression.
   *
   * @throws PatternSyntaxException if it is none
   */
  static NamePattern of(String text) {
    return new NamePattern(Pattern.compile(text));
  }

  /** What the user wrote. */
  public String text() {
    return pattern.pattern();
  }

  /** Whether the whole of a name matches. */
  public boolean matches(String name) {
    return pattern.matcher(name).matches();
  }

  /** What is wrong with an expression, and at which of its characters, counted from 1. */
  static String describe(PatternSyntaxException wrong) {
    String where = wrong.getIndex() < 0 ? "" : " at character " + (wrong.getIndex() + 1);
    return wrong.getPattern() + ", which has a mistake" + where + ": " + wrong.getDescription();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamePattern that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
