package io.github.dynamokc.record;

import io.github.dynamokc.event.JsonCursor;
import io.github.dynamokc.event.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Turns an item's DynamoDB JSON into plain JSON in one pass from bytes to bytes, and notes where
 * its key attributes stand. Strings are copied with their escapes, attributes keep their order.
 *
 * <table>
 *   <caption>What becomes of each type</caption>
 *   <tr><td>S, B</td><td>string (B is Base64 as DynamoDB gives it)</td></tr>
 *   <tr><td>N</td><td>number, exact, no exponent</td></tr>
 *   <tr><td>BOOL, NULL</td><td>true, false, null</td></tr>
 *   <tr><td>M, L</td><td>object, array</td></tr>
 *   <tr><td>SS, NS, BS</td><td>array in the given order</td></tr>
 * </table>
 *
 * Not thread-safe.
 */
final class ItemTranscoder {
  private static final int DEEPEST = 100;

  private final KeyNames names;
  private JsonCursor in = new JsonCursor();
  private ByteSink out = new ByteSink();
  private @Nullable Slice partitionKey;
  private @Nullable Slice sortKey;

  ItemTranscoder(KeyNames names) {
    this.names = names;
  }

  /**
   * Steps over the item that is next in {@code source}.
   *
   * @throws io.github.dynamokc.event.MalformedJsonException if it is not an item
   */
  void transcode(JsonCursor source, ByteSink sink) {
    in = source;
    out = sink;
    partitionKey = null;
    sortKey = null;
    in.expect('{');
    out.write('{');
    if (!in.consume('}')) {
      attributes();
    }
    out.write('}');
  }

  /** The typed value of the partition key in the item that was transcoded last, if it had one. */
  @Nullable Slice partitionKey() {
    return partitionKey;
  }

  /** The typed value of the sort key in the item that was transcoded last, if it had one. */
  @Nullable Slice sortKey() {
    return sortKey;
  }

  private void attributes() {
    do {
      boolean plain = in.readString();
      boolean isPartitionKey = names.isPartitionKey(in, plain);
      boolean isSortKey = !isPartitionKey && names.isSortKey(in, plain);
      copyString();
      in.expect(':');
      out.write(':');
      Slice value = value(0, isPartitionKey || isSortKey);
      if (isPartitionKey) {
        partitionKey = value;
      } else if (isSortKey) {
        sortKey = value;
      }
      if (in.consume(',')) {
        out.write(',');
      } else {
        in.expect('}');
        return;
      }
    } while (true);
  }

  /** Writes one typed value; gives back where it stands if {@code noted}. */
  private @Nullable Slice value(int depth, boolean noted) {
    if (depth > DEEPEST) {
      throw in.malformed("nested deeper than " + DEEPEST);
    }
    Slice place = null;
    if (noted) {
      place = in.ahead();
    }
    in.expect('{');
    in.readString();
    AttributeType type = AttributeType.of(in);
    in.expect(':');
    switch (type) {
      case S, B -> {
        in.readString();
        copyString();
      }
      case N -> number();
      case BOOL -> {
        in.readScalar();
        if (!in.tokenIs("true") && !in.tokenIs("false")) {
          throw in.malformed("true or false expected");
        }
        out.write(in.array(), in.tokenFrom(), in.tokenTo());
      }
      case NULL -> {
        in.readScalar();
        if (!in.tokenIs("true")) {
          throw in.malformed("true expected in a NULL attribute");
        }
        out.writeAscii("null");
      }
      case M -> map(depth);
      case L -> list(depth);
      case SS, BS -> set(false);
      case NS -> set(true);
    }
    in.expect('}');
    return place;
  }

  private void map(int depth) {
    in.expect('{');
    out.write('{');
    if (!in.consume('}')) {
      while (true) {
        in.readString();
        copyString();
        in.expect(':');
        out.write(':');
        value(depth + 1, false);
        if (!in.consume(',')) {
          break;
        }
        out.write(',');
      }
      in.expect('}');
    }
    out.write('}');
  }

  private void list(int depth) {
    in.expect('[');
    out.write('[');
    if (!in.consume(']')) {
      while (true) {
        value(depth + 1, false);
        if (!in.consume(',')) {
          break;
        }
        out.write(',');
      }
      in.expect(']');
    }
    out.write(']');
  }

  private void set(boolean ofNumbers) {
    in.expect('[');
    out.write('[');
    if (!in.consume(']')) {
      while (true) {
        if (ofNumbers) {
          number();
        } else {
          in.readString();
          copyString();
        }
        if (!in.consume(',')) {
          break;
        }
        out.write(',');
      }
      in.expect(']');
    }
    out.write(']');
  }

  private void number() {
    in.readString();
    NumberText.write(in.array(), in.tokenFrom(), in.tokenTo(), out);
  }

  private void copyString() {
    out.write(in.array(), in.tokenFrom() - 1, in.tokenTo() + 1);
  }
}
