package io.github.dynamokc.event;

import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.KnownNames;
import io.github.dynamokc.json.Slice;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of an incremental export (developer guide, "DynamoDB table export output
 * format"). Which images a line has says what happened: without an old one the item was inserted,
 * without a new one it was removed. That holds for exports with the view NEW_AND_OLD_IMAGES only,
 * the one that the connector asks for: with NEW_IMAGE no line has an old image, and inserts cannot
 * be told from other changes. A member that is null is one that is absent; unknown ones do not
 * matter. Nothing is guessed: a line that lacks something is an error. For one thread.
 */
public final class NetChangeReader {
  /** No number of so many digits is too large for a long. */
  private static final int MOST_DIGITS = 18;

  /** No time that is written otherwise, with a fraction or an exponent, has so many characters. */
  private static final int LONGEST_NUMBER = 100;

  private final KnownNames ofLine = new KnownNames("Metadata", "Keys", "OldImage", "NewImage");
  private final KnownNames ofMetadata = new KnownNames("WriteTimestampMicros");
  private final KnownNames ofNumber = new KnownNames("N");

  /** Of the last change in the window, -1 as long as it was not read. */
  private long micros;

  private @Nullable Slice keys;
  private @Nullable Slice newImage;
  private @Nullable Slice oldImage;

  /**
   * The change that a line tells. Of keys and images only the grammar is looked at.
   *
   * @param line at the line's beginning; it is stepped over to its end. The change is slices of
   *     what it walks over.
   * @throws io.github.dynamokc.json.MalformedJsonException naming what is wrong or missing, if the
   *     line is none
   */
  public NetChange read(JsonCursor line) {
    micros = -1;
    keys = null;
    newImage = null;
    oldImage = null;
    for (boolean more = line.beginObject(); more; more = line.nextMember()) {
      switch (nameOfValue(line, ofLine)) {
        case "Metadata" -> readMetadata(line);
        case "Keys" -> keys = line.readObject();
        case "NewImage" -> newImage = line.readObject();
        case "OldImage" -> oldImage = line.readObject();
        default -> line.skipValue();
      }
    }
    line.expectEnd();
    return change(line);
  }

  private NetChange change(JsonCursor line) {
    Slice itsKeys = keys;
    if (itsKeys == null) {
      throw line.malformed("a change with Keys expected");
    }
    if (newImage == null && oldImage == null) {
      throw line.malformed("a change with NewImage or OldImage expected");
    }
    if (micros < 0) {
      throw line.malformed("a change with Metadata.WriteTimestampMicros expected");
    }
    Operation operation =
        newImage == null
            ? Operation.REMOVE
            : oldImage == null ? Operation.INSERT : Operation.MODIFY;
    return new NetChange(operation, micros / 1000, itsKeys, newImage, oldImage);
  }

  private void readMetadata(JsonCursor line) {
    for (boolean more = line.beginObject(); more; more = line.nextMember()) {
      if (nameOfValue(line, ofMetadata).isEmpty()) {
        line.skipValue();
      } else {
        micros = writeTimestamp(line);
      }
    }
  }

  /** Seen as a number, as a string, and as an attribute of type N. */
  private long writeTimestamp(JsonCursor line) {
    if (line.peek() != '{') {
      return microseconds(line);
    }
    long number = -1;
    for (boolean more = line.beginObject(); more; more = line.nextMember()) {
      if (nameOfValue(line, ofNumber).isEmpty()) {
        line.skipValue();
      } else {
        number = microseconds(line);
      }
    }
    if (number < 0) {
      throw line.malformed("a WriteTimestampMicros of type N expected");
    }
    return number;
  }

  private static long microseconds(JsonCursor line) {
    if (line.peek() == '"') {
      line.readString();
    } else {
      line.readScalar();
    }
    long number = digits(line);
    if (number < 0) {
      number = exactly(line);
    }
    if (number < 0) {
      throw line.malformed("a WriteTimestampMicros in microseconds of the epoch expected");
    }
    return number;
  }

  /** The token that was read last, -1 if it is not made of a few digits only. */
  private static long digits(JsonCursor line) {
    int length = line.tokenTo() - line.tokenFrom();
    if (length == 0 || length > MOST_DIGITS) {
      return -1;
    }
    long number = 0;
    for (int i = line.tokenFrom(); i < line.tokenTo(); i++) {
      int digit = line.array()[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** As numbers may have a fraction of zeros, or an exponent; -1 if it is no such number. */
  private static long exactly(JsonCursor line) {
    if (line.tokenTo() - line.tokenFrom() > LONGEST_NUMBER) {
      return -1;
    }
    try {
      return new BigDecimal(line.tokenText()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return -1;
    }
  }

  /** The name of a member, empty if it is not known, or its value is null. */
  private static String nameOfValue(JsonCursor line, KnownNames known) {
    line.readName();
    String name = known.of(line);
    return line.peek() == 'n' ? "" : name;
  }
}
