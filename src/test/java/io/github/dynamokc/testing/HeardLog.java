package io.github.dynamokc.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What is logged, warnings and worse, until it is closed. For tests that run one at a time. */
public final class HeardLog implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  public HeardLog() {
    System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
  }

  /** How many lines have this text. */
  public long lines(String text) {
    return heard.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains(text)).count();
  }

  @Override
  public void close() {
    System.setErr(before);
  }
}
