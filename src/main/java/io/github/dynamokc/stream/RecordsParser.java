package io.github.dynamokc.stream;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.KnownNames;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a GetRecords answer (API reference, "GetRecords"). Images stay slices of the
 * body. As anywhere in AWS's JSON, a member that is null is one that is absent. A record that lacks
 * something is an error: nothing is guessed.
 */
final class RecordsParser {
  private static final Operation[] OPERATIONS = Operation.values();

  /** No number of so many is too large for a long, as milliseconds. */
  private static final int MOST_DIGITS = 15;

  private final JsonCursor in = new JsonCursor();
  private final KnownNames ofAnswer = new KnownNames("Records", "NextShardIterator");

  private final KnownNames ofRecord =
      new KnownNames(
          "awsRegion",
          "dynamodb",
          "eventID",
          "eventName",
          "eventSource",
          "eventVersion",
          "userIdentity");

  private final KnownNames ofStreamRecord =
      new KnownNames(
          "ApproximateCreationDateTime",
          "Keys",
          "NewImage",
          "OldImage",
          "SequenceNumber",
          "SizeBytes",
          "StreamViewType");

  private final KnownNames ofIdentity =
      new KnownNames("PrincipalId", "Type", "principalId", "type");

  private @Nullable String eventId;
  private @Nullable Operation eventName;
  private @Nullable String sequenceNumber;
  private @Nullable Long createdAtMs;
  private @Nullable Slice keys;
  private @Nullable Slice newImage;
  private @Nullable Slice oldImage;
  private @Nullable UserIdentity userIdentity;

  /** Of the records so far. */
  private long bytes;

  /**
   * @throws MalformedJsonException if the body is not such an answer
   */
  RecordsPage parse(byte[] body) {
    in.reset(body, 0, body.length);
    bytes = 0;
    List<ItemChange> changes = new ArrayList<>();
    String nextIterator = null;
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      switch (nameOfValue(ofAnswer)) {
        case "Records" -> records(changes);
        case "NextShardIterator" -> nextIterator = in.readText();
        default -> in.skipValue();
      }
    }
    in.expectEnd();
    return new RecordsPage(changes, nextIterator, bytes);
  }

  private void records(List<ItemChange> changes) {
    for (boolean more = in.beginArray(); more; more = in.nextElement()) {
      changes.add(record());
    }
  }

  private ItemChange record() {
    eventId = null;
    eventName = null;
    sequenceNumber = null;
    createdAtMs = null;
    keys = null;
    newImage = null;
    oldImage = null;
    userIdentity = null;
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      switch (nameOfValue(ofRecord)) {
        case "eventID" -> eventId = in.readText();
        case "eventName" -> eventName = operation();
        case "dynamodb" -> streamRecord();
        case "userIdentity" -> identity();
        default -> in.skipValue();
      }
    }
    return new ItemChange(
        required(eventId, "eventID"),
        required(eventName, "eventName"),
        required(sequenceNumber, "SequenceNumber"),
        required(createdAtMs, "ApproximateCreationDateTime"),
        required(keys, "Keys"),
        newImage,
        oldImage,
        userIdentity);
  }

  private void streamRecord() {
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      switch (nameOfValue(ofStreamRecord)) {
        case "ApproximateCreationDateTime" -> createdAtMs = epochMs();
        case "SequenceNumber" -> sequenceNumber = in.readText();
        case "Keys" -> keys = in.readObject();
        case "NewImage" -> newImage = in.readObject();
        case "OldImage" -> oldImage = in.readObject();
        case "SizeBytes" -> bytes += size();
        default -> in.skipValue();
      }
    }
  }

  private void identity() {
    String principal = "";
    String type = "";
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      switch (nameOfValue(ofIdentity)) {
        case "principalId", "PrincipalId" -> principal = in.readText();
        case "type", "Type" -> type = in.readText();
        default -> in.skipValue();
      }
    }
    userIdentity = new UserIdentity(principal, type);
  }

  /** Seconds of the epoch as a JSON number, possibly with a fraction or an exponent. */
  private long epochMs() {
    in.readScalar();
    long seconds = digits();
    if (seconds >= 0) {
      return seconds * 1000;
    }
    try {
      return new BigDecimal(scalar()).movePointRight(3).longValue();
    } catch (NumberFormatException e) {
      throw in.malformed("seconds of the epoch expected");
    }
  }

  private long size() {
    in.readScalar();
    long size = digits();
    if (size >= 0) {
      return size;
    }
    try {
      return new BigDecimal(scalar()).longValue();
    } catch (NumberFormatException e) {
      throw in.malformed("a number of bytes expected");
    }
  }

  private String scalar() {
    return new Slice(in.array(), in.tokenFrom(), in.tokenTo()).text();
  }

  /** The number that was read last, -1 if it is not made of a few digits only. */
  private long digits() {
    if (in.tokenTo() - in.tokenFrom() > MOST_DIGITS) {
      return -1;
    }
    long number = 0;
    for (int i = in.tokenFrom(); i < in.tokenTo(); i++) {
      int digit = in.array()[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** The name of a member, empty if it is not known, or its value is null. */
  private String nameOfValue(KnownNames known) {
    in.readName();
    String name = known.of(in);
    return in.peek() == 'n' ? "" : name;
  }

  private Operation operation() {
    in.readString();
    for (Operation operation : OPERATIONS) {
      if (in.tokenIs(operation.name())) {
        return operation;
      }
    }
    throw in.malformed("eventName INSERT, MODIFY or REMOVE expected");
  }

  private <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw in.malformed("a record with " + name + " expected");
    }
    return value;
  }
}
