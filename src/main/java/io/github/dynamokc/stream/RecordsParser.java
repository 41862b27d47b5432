package io.github.dynamokc.stream;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.json.JsonCursor;
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
  private final JsonCursor in = new JsonCursor();

  private @Nullable String eventId;
  private @Nullable String eventName;
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
      switch (nameOfValue()) {
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
      switch (nameOfValue()) {
        case "eventID" -> eventId = in.readText();
        case "eventName" -> eventName = in.readText();
        case "dynamodb" -> streamRecord();
        case "userIdentity" -> identity();
        default -> in.skipValue();
      }
    }
    return new ItemChange(
        required(eventId, "eventID"),
        operation(required(eventName, "eventName")),
        required(sequenceNumber, "SequenceNumber"),
        required(createdAtMs, "ApproximateCreationDateTime"),
        required(keys, "Keys"),
        newImage,
        oldImage,
        userIdentity);
  }

  private void streamRecord() {
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      switch (nameOfValue()) {
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
      switch (nameOfValue()) {
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
    String text = new Slice(in.array(), in.tokenFrom(), in.tokenTo()).text();
    try {
      return new BigDecimal(text).movePointRight(3).longValue();
    } catch (NumberFormatException e) {
      throw in.malformed("seconds of the epoch expected");
    }
  }

  private long size() {
    in.readScalar();
    String text = new Slice(in.array(), in.tokenFrom(), in.tokenTo()).text();
    try {
      return new BigDecimal(text).longValue();
    } catch (NumberFormatException e) {
      throw in.malformed("a number of bytes expected");
    }
  }

  /** The name of a member, empty if its value is null: none that is known. */
  private String nameOfValue() {
    in.readName();
    String name = in.tokenText();
    return in.peek() == 'n' ? "" : name;
  }

  private Operation operation(String name) {
    return switch (name) {
      case "INSERT" -> Operation.INSERT;
      case "MODIFY" -> Operation.MODIFY;
      case "REMOVE" -> Operation.REMOVE;
      default -> throw in.malformed("eventName INSERT, MODIFY or REMOVE expected");
    };
  }

  private <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw in.malformed("a record with " + name + " expected");
    }
    return value;
  }
}
