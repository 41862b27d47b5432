package io.github.dynamokc.export;

import io.github.dynamokc.json.ByteSearch;
import io.github.dynamokc.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Finds lines in a stream without copying them: a line is a stretch of the reader's own buffer, and
 * stands there until the next call. The buffer grows to the longest line. Not thread-safe.
 */
final class LineReader {
  private static final int FIRST_SIZE = 256 * 1024;

  /** An item has at most 400 KB; as DynamoDB JSON with every byte escaped it stays below this. */
  private static final int LONGEST_LINE = 16 * 1024 * 1024;

  private final InputStream in;
  private byte[] buffer = new byte[FIRST_SIZE];
  private int filled;
  private int next;
  private int from;
  private int to;

  /** How many bytes of the stream came before those in the buffer. */
  private long forgotten;

  private boolean ended;

  LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * Goes to the next line; its end of line, {@code \n} or {@code \r\n}, is not part of it.
   *
   * @return false at the end of the stream
   */
  boolean next() throws IOException {
    int searched = next;
    while (true) {
      int lineFeed = ByteSearch.lineFeed(buffer, searched, filled);
      if (lineFeed < filled) {
        found(lineFeed, lineFeed + 1);
        return true;
      }
      searched = filled;
      if (ended) {
        boolean rest = next < filled;
        found(filled, filled);
        return rest;
      }
      searched -= makeRoom();
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        ended = true;
      } else {
        filled += read;
      }
    }
  }

  byte[] buffer() {
    return buffer;
  }

  /** Where the line starts in {@link #buffer()}. */
  int from() {
    return from;
  }

  /** Where the line ends in {@link #buffer()}. */
  int to() {
    return to;
  }

  /** How many bytes of the stream come before the line. */
  long start() {
    return forgotten + from;
  }

  /** Whether the line has nothing but white space. */
  boolean isBlank() {
    for (int at = from; at < to; at++) {
      if (buffer[at] != ' ' && buffer[at] != '\t' && buffer[at] != '\r') {
        return false;
      }
    }
    return true;
  }

  private void found(int endOfLine, int nextLine) {
    from = next;
    to = endOfLine > from && buffer[endOfLine - 1] == '\r' ? endOfLine - 1 : endOfLine;
    next = nextLine;
  }

  /** Moves what is unread to the front and grows a full buffer; returns how far it moved. */
  private int makeRoom() {
    int moved = next;
    if (moved > 0) {
      System.arraycopy(buffer, moved, buffer, 0, filled - moved);
      filled -= moved;
      next = 0;
      forgotten += moved;
    }
    if (filled == buffer.length) {
      if (filled >= LONGEST_LINE) {
        throw new MalformedJsonException("a line longer than " + LONGEST_LINE + " bytes");
      }
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    return moved;
  }
}
