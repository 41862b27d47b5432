package io.github.dynamokc.export;

import io.github.dynamokc.gzip.GunzipObserver;
import io.github.dynamokc.gzip.GunzipStream;
import io.github.dynamokc.gzip.GzipCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The text of one data file, line by line, from the file's start or from a position within it. As
 * it goes on it has positions from which another process can go on. Not thread-safe.
 */
final class DataFileText {
  private final LineReader lines;
  private final ResumableMd5 md5;
  private final Supplier<String> eTag;

  /** How many bytes of text come before what the lines are read from. */
  private final long start;

  private long line;
  private long count;

  /** Places that the text is decompressed up to, and the lines are not. */
  private final Queue<Reached> ahead = new ArrayDeque<>();

  private @Nullable String position;

  /** A place before which the MD5 has this state; the line that follows it is not known yet. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Reached(GzipCheckpoint checkpoint, byte[] md5) {}

  /**
   * @param compressed the file from the position's checkpoint on, or from its start; whoever opened
   *     it closes it
   * @param eTag of the file, known when the first byte was read
   * @param from null for the start of the file
   * @param positionEvery how many compressed bytes there are at least between two positions
   * @throws IOException if what is there is no gzip, or cannot be read
   */
  DataFileText(
      InputStream compressed,
      Supplier<String> eTag,
      @Nullable FilePosition from,
      long positionEvery)
      throws IOException {
    this.eTag = eTag;
    Observer observer = new Observer();
    if (from == null) {
      md5 = new ResumableMd5();
      lines = new LineReader(new GunzipStream(compressed, null, positionEvery, observer));
      start = 0;
    } else {
      md5 = ResumableMd5.resumed(from.md5(), from.checkpoint().compressed());
      GunzipStream text = new GunzipStream(compressed, from.checkpoint(), positionEvery, observer);
      text.skipNBytes(from.skipped());
      lines = new LineReader(text);
      start = from.checkpoint().uncompressed() + from.skipped();
      line = from.lines();
      count = from.items();
      position = from.text();
    }
  }

  /** From the start of a file, without positions. */
  static DataFileText whole(InputStream compressed) throws IOException {
    return new DataFileText(compressed, () -> "", null, Long.MAX_VALUE);
  }

  /**
   * Goes to the next line that is not blank. Each of them is of one item.
   *
   * @return false at the end of the file
   * @throws io.github.dynamokc.json.MalformedJsonException if the line is too long to be of an item
   */
  boolean next() throws IOException {
    do {
      line++;
      if (!lines.next()) {
        return false;
      }
      passPlaces();
    } while (lines.isBlank());
    count++;
    return true;
  }

  /** The last place that lies before the line gives a position. */
  private void passPlaces() {
    long at = start + lines.start();
    Reached last = null;
    while (!ahead.isEmpty() && ahead.element().checkpoint.uncompressed() <= at) {
      last = ahead.remove();
    }
    if (last != null) {
      long skipped = at - last.checkpoint.uncompressed();
      position =
          new FilePosition(eTag.get(), last.checkpoint, skipped, last.md5, count, line - 1).text();
    }
  }

  /** Has the line that it stands at. */
  LineReader lines() {
    return lines;
  }

  /** The number of the line that was looked at last, from 1. */
  long line() {
    return line;
  }

  /** How many items there were so far. */
  long count() {
    return count;
  }

  /** The text of the last position at or before the line, null if there was none. */
  @Nullable String position() {
    return position;
  }

  /** The MD5 of the file in Base64, at its end: once, after {@link #next} was false. */
  String md5() {
    return md5.value();
  }

  private final class Observer implements GunzipObserver {
    @Override
    public void consumed(byte[] buffer, int from, int to) {
      md5.update(buffer, from, to);
    }

    @Override
    public void reached(GzipCheckpoint checkpoint) {
      ahead.add(new Reached(checkpoint, md5.state()));
    }
  }
}
