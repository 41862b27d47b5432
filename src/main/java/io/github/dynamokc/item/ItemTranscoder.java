package io.github.dynamokc.item;

import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;
import org.jspecify.annotations.Nullable;

/**
 * Writes an item's DynamoDB JSON as plain JSON, or as DynamoDB JSON again without white space, in
 * one pass from bytes to bytes, and reads its key on the way. Strings are copied with their
 * escapes, attributes keep their order, and what is no item is refused.
 *
 * <table>
 *   <caption>What becomes of each type in plain JSON</caption>
 *   <tr><td>S, B</td><td>string (B is Base64 as DynamoDB gives it)</td></tr>
 *   <tr><td>N</td><td>number, exact, no exponent</td></tr>
 *   <tr><td>BOOL, NULL</td><td>true, false, null</td></tr>
 *   <tr><td>M, L</td><td>object, array</td></tr>
 *   <tr><td>SS, NS, BS</td><td>array in the given order</td></tr>
 * </table>
 *
 * Not thread-safe.
 */
public final class ItemTranscoder {
  /** So deep that the JSON of an item is no deeper than a cursor steps over. */
  private static final int MAX_DEPTH = 99;

  private final @Nullable KeyNames names;
  private final boolean typed;
  private JsonCursor in = new JsonCursor();
  private ByteSink out = new ByteSink();
  private @Nullable KeyValue partitionKey;
  private @Nullable KeyValue sortKey;

  private ItemTranscoder(@Nullable KeyNames names, boolean typed) {
    this.names = names;
    this.typed = typed;
  }

  /**
   * A transcoder to plain JSON.
   *
   * @param names the attributes to read on the way, null if nobody will ask for a key
   */
  public static ItemTranscoder toPlainJson(@Nullable KeyNames names) {
    return new ItemTranscoder(names, false);
  }

  /**
   * A transcoder to DynamoDB JSON: numbers stay as they are written.
   *
   * @param names the attributes to read on the way, null if nobody will ask for a key
   */
  public static ItemTranscoder toDynamoDbJson(@Nullable KeyNames names) {
    return new ItemTranscoder(names, true);
  }

  /**
   * Steps over the item that is next in {@code source}.
   *
   * @throws io.github.dynamokc.json.MalformedJsonException if it is not an item
   */
  public void transcode(JsonCursor source, ByteSink sink) {
    in = source;
    out = sink;
    partitionKey = null;
    sortKey = null;
    out.write('{');
    if (in.beginObject()) {
      attributes();
    }
    out.write('}');
  }

  /**
   * Steps over the typed value that is next in {@code source}, such as <code>{"S":"a"}</code>.
   *
   * @param depth how deep it is in its item, 0 for the value of an attribute
   * @throws io.github.dynamokc.json.MalformedJsonException if it is none
   */
  public void transcodeValue(JsonCursor source, int depth, ByteSink sink) {
    in = source;
    out = sink;
    value(depth);
  }

  /** The partition key of the item that was transcoded last, if it had one. */
  public @Nullable KeyValue partitionKey() {
    return partitionKey;
  }

  /** The sort key of the item that was transcoded last, if it had one. */
  public @Nullable KeyValue sortKey() {
    return sortKey;
  }

  private void attributes() {
    do {
      boolean plain = in.readName();
      boolean isPartitionKey = names != null && names.isPartitionKey(in, plain);
      boolean isSortKey = names != null && !isPartitionKey && names.isSortKey(in, plain);
      copyName();
      AttributeType type = value(0);
      if (isPartitionKey) {
        partitionKey = KeyValue.ofToken(type, in);
      } else if (isSortKey) {
        sortKey = KeyValue.ofToken(type, in);
      }
    } while (copyComma(in.nextMember()));
  }

  /** Writes one typed value; if it is a string or number, that is the token then. */
  private AttributeType value(int depth) {
    if (depth > MAX_DEPTH) {
      throw in.malformed("nested deeper than " + MAX_DEPTH);
    }
    AttributeType type = AttributeType.open(in);
    if (typed) {
      out.writeAscii(type.opening());
    }
    switch (type) {
      case S -> string();
      case B -> binary();
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
        out.writeAscii(typed ? "true" : "null");
      }
      case M -> map(depth);
      case L -> list(depth);
      case SS, NS, BS -> set(type);
    }
    in.expect('}');
    if (typed) {
      out.write('}');
    }
    return type;
  }

  private void map(int depth) {
    out.write('{');
    if (in.beginObject()) {
      do {
        in.readName();
        copyName();
        value(depth + 1);
      } while (copyComma(in.nextMember()));
    }
    out.write('}');
  }

  private void list(int depth) {
    out.write('[');
    if (in.beginArray()) {
      do {
        value(depth + 1);
      } while (copyComma(in.nextElement()));
    }
    out.write(']');
  }

  private void set(AttributeType type) {
    out.write('[');
    if (in.beginArray()) {
      do {
        switch (type) {
          case SS -> string();
          case NS -> number();
          case BS -> binary();
          case S, N, B, BOOL, NULL, M, L -> throw new IllegalArgumentException("No set: " + type);
        }
      } while (copyComma(in.nextElement()));
    }
    out.write(']');
  }

  private void string() {
    in.readString();
    copyString();
  }

  private void binary() {
    in.readString();
    Base64Text.check(in);
    copyString();
  }

  private void number() {
    in.readString();
    if (typed) {
      NumberText.check(in);
      copyString();
    } else {
      NumberText.write(in, out);
    }
  }

  /** Writes the name that was read last, and the colon behind it. */
  private void copyName() {
    int end = in.position();
    if (end == in.tokenTo() + 2) {
      // There is no white space between the closing quote and the colon.
      out.write(in.array(), in.tokenFrom() - 1, end);
    } else {
      copyString();
      out.write(':');
    }
  }

  private boolean copyComma(boolean more) {
    if (more) {
      out.write(',');
    }
    return more;
  }

  /** Writes the string that was read last, quotes included. */
  private void copyString() {
    out.write(in.array(), in.tokenFrom() - 1, in.tokenTo() + 1);
  }
}
