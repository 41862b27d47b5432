package io.github.dynamokc.item;

import io.github.dynamokc.json.JsonCursor;
import org.jspecify.annotations.Nullable;

/** The type tags of DynamoDB JSON. */
public enum AttributeType {
  S,
  N,
  B,
  BOOL,
  NULL,
  M,
  L,
  SS,
  NS,
  BS;

  private final String opening = "{\"" + name() + "\":";

  /** What stands before a value of this type: <code>{"S":</code>. */
  public String opening() {
    return opening;
  }

  /** Steps over the start of a typed value, <code>{"S":</code>, and gives its type. */
  public static AttributeType open(JsonCursor in) {
    char letter = in.consumeOneLetterMember();
    AttributeType type = letter == 0 ? openAsSpelled(in) : ofLetter(letter);
    if (type == null) {
      throw in.malformed("an attribute type (S, N, B, BOOL, NULL, M, L, SS, NS, BS) expected");
    }
    return type;
  }

  /** Whether key attributes can be of this type. */
  public boolean isOfKeys() {
    return this == S || this == N || this == B;
  }

  private static @Nullable AttributeType openAsSpelled(JsonCursor in) {
    in.expect('{');
    AttributeType type = in.readString() ? ofToken(in) : ofText(in.tokenText());
    if (type != null) {
      in.expect(':');
    }
    return type;
  }

  private static @Nullable AttributeType ofToken(JsonCursor in) {
    byte[] array = in.array();
    int from = in.tokenFrom();
    return switch (in.tokenTo() - from) {
      case 1 -> ofLetter((char) array[from]);
      case 2 -> array[from + 1] == 'S' ? ofSetOf((char) array[from]) : null;
      default -> in.tokenIs("BOOL") ? BOOL : in.tokenIs("NULL") ? NULL : null;
    };
  }

  /** Of a name that is spelled with escapes. */
  private static @Nullable AttributeType ofText(String name) {
    for (AttributeType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  private static @Nullable AttributeType ofLetter(char letter) {
    return switch (letter) {
      case 'S' -> S;
      case 'N' -> N;
      case 'M' -> M;
      case 'L' -> L;
      case 'B' -> B;
      default -> null;
    };
  }

  private static @Nullable AttributeType ofSetOf(char letter) {
    return switch (letter) {
      case 'S' -> SS;
      case 'N' -> NS;
      case 'B' -> BS;
      default -> null;
    };
  }
}
