package io.github.dynamokc.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over JSON bytes without building anything: tokens are found as positions in the array they
 * came in, so that strings and numbers can be copied as they stand. Strict about what it walks
 * over: strings are well-formed UTF-8 without halves of surrogate pairs, and no object has two
 * members of one name. Reusable, not thread-safe.
 */
public final class JsonCursor {
  private static final int MAX_DEPTH = 200;

  private byte[] array = {};
  private int start;
  private int position;
  private int end;
  private int tokenFrom;
  private int tokenTo;
  private boolean tokenPlain;
  private final MemberNames names = new MemberNames();

  public JsonCursor reset(Slice slice) {
    return reset(slice.array(), slice.from(), slice.to());
  }

  public JsonCursor reset(byte[] bytes, int from, int to) {
    array = bytes;
    start = from;
    position = from;
    end = to;
    tokenFrom = from;
    tokenTo = from;
    names.clear();
    return this;
  }

  public byte[] array() {
    return array;
  }

  /** Where the token that was read last starts; for a string, behind its opening quote. */
  public int tokenFrom() {
    return tokenFrom;
  }

  /** Where the token that was read last ends; for a string, before its closing quote. */
  public int tokenTo() {
    return tokenTo;
  }

  /** Where it stands, for {@link #rewind}. */
  public int position() {
    return position;
  }

  /**
   * Goes back to the beginning of a value.
   *
   * @param earlier where it stood, in the object that it stands in now or in one around it
   */
  public void rewind(int earlier) {
    position = earlier;
    names.rewind(earlier);
  }

  /** The next byte that is not white space, without stepping over it; -1 at the end. */
  public int peek() {
    while (position < end) {
      byte b = array[position];
      if (b > ' ' || (b != ' ' && b != '\n' && b != '\r' && b != '\t')) {
        return b & 0xFF;
      }
      position++;
    }
    return -1;
  }

  /** Steps over {@code wanted}. */
  public void expect(char wanted) {
    if (!consume(wanted)) {
      throw malformed("'" + wanted + "' expected");
    }
  }

  /** Steps over {@code wanted} if it is next. */
  public boolean consume(char wanted) {
    // Most often there is no white space to be looked at.
    if ((position < end && array[position] == wanted) || peek() == wanted) {
      position++;
      return true;
    }
    return false;
  }

  /**
   * Steps into an object.
   *
   * @return whether it has a member; if not, the object is stepped over
   */
  public boolean beginObject() {
    expect('{');
    int at = position - 1;
    if (consume('}')) {
      return false;
    }
    names.begin(at);
    return true;
  }

  /**
   * Steps over the name of a member and the colon behind it; the token is the name, as of {@link
   * #readString}.
   *
   * @return whether it is free of escapes
   */
  public boolean readName() {
    boolean plain = readString();
    if (!names.add(array, tokenFrom, tokenTo, plain)) {
      throw malformed("the second member of one name in an object");
    }
    expect(':');
    return plain;
  }

  /**
   * Steps over what follows the value of a member.
   *
   * @return whether another member comes; if not, the object is stepped over
   */
  public boolean nextMember() {
    boolean more = goesOn('}');
    if (!more) {
      names.end();
    }
    return more;
  }

  /**
   * Steps into an array.
   *
   * @return whether it has an element; if not, the array is stepped over
   */
  public boolean beginArray() {
    expect('[');
    return !consume(']');
  }

  /**
   * Steps over what follows an element.
   *
   * @return whether another element comes; if not, the array is stepped over
   */
  public boolean nextElement() {
    return goesOn(']');
  }

  private boolean goesOn(char close) {
    if (consume(',')) {
      return true;
    }
    expect(close);
    return false;
  }

  /**
   * Steps over the start of an object whose first member has a name of one ASCII letter, as in
   * <code>{"S":</code>, if that is next and has no white space.
   *
   * @return the letter, or 0 if something else is next
   */
  public char consumeOneLetterMember() {
    int at = position;
    if (end - at < 5
        || array[at] != '{'
        || array[at + 1] != '"'
        || array[at + 3] != '"'
        || array[at + 4] != ':'
        || !JsonScalars.isLetter(array[at + 2])) {
      return 0;
    }
    position = at + 5;
    return (char) array[at + 2];
  }

  /** Fails unless only white space is left. */
  public void expectEnd() {
    if (peek() != -1) {
      throw malformed("nothing more expected");
    }
  }

  /**
   * Steps over a string; the token is what stands between its quotes, escapes untouched.
   *
   * @return whether it is free of escapes
   */
  public boolean readString() {
    expect('"');
    int from = position;
    int at = ByteSearch.endOfPlainAscii(array, from, end);
    if (at == end || array[at] != '"') {
      return readOddString(from, at, true);
    }
    tokenFrom = from;
    tokenTo = at;
    tokenPlain = true;
    position = at + 1;
    return true;
  }

  /** Steps over a string, of which only the grammar is looked at. */
  private void passString() {
    expect('"');
    int at = ByteSearch.endOfPlainAscii(array, position, end);
    if (at == end || array[at] != '"') {
      readOddString(position, at, false);
    } else {
      position = at + 1;
    }
  }

  /** A string that is not all plain ASCII. */
  private boolean readOddString(int from, int endOfPlain, boolean strict) {
    tokenFrom = from;
    tokenPlain = true;
    int at = endOfPlain;
    while (at < end && array[at] != '"') {
      if (array[at] < 0) {
        at = afterNonAscii(at, strict);
      } else if (array[at] == '\\') {
        tokenPlain = false;
        at = afterEscape(at, strict);
      } else {
        position = at;
        throw malformed("a control character inside a string");
      }
      at = ByteSearch.endOfPlainAscii(array, at, end);
    }
    if (at == end) {
      position = end;
      throw malformed("the end of a string expected");
    }
    tokenTo = at;
    position = at + 1;
    return tokenPlain;
  }

  private int afterNonAscii(int from, boolean strict) {
    int behind = strict ? Utf8.endOfNonAscii(array, from, end) : from + 1;
    if (behind < 0) {
      position = ~behind;
      throw malformed("a string that is not UTF-8");
    }
    return behind;
  }

  /** Steps over a string and gives its text. */
  public String readText() {
    readString();
    return tokenText();
  }

  /** The text of the string that was read last. */
  public String tokenText() {
    return tokenPlain
        ? new String(array, tokenFrom, tokenTo - tokenFrom, StandardCharsets.UTF_8)
        : JsonEscapes.text(array, tokenFrom, tokenTo);
  }

  /** What is left, from the next token on. */
  public Slice ahead() {
    peek();
    return new Slice(array, position, end);
  }

  /** Steps over a number, true, false or null; the token is its text. */
  public void readScalar() {
    peek();
    int at = position;
    tokenFrom = at;
    while (at < end && JsonScalars.isPart(array[at])) {
      at++;
    }
    if (at == position) {
      throw malformed("a value expected");
    }
    tokenTo = at;
    tokenPlain = true;
    position = at;
  }

  /** Whether the string that was read last is free of escapes. */
  boolean tokenIsPlain() {
    return tokenPlain;
  }

  /** Whether the token that was read last is exactly this ASCII text, with escapes or without. */
  public boolean tokenIs(String ascii) {
    if (!tokenPlain) {
      return tokenText().equals(ascii);
    }
    int length = ascii.length();
    if (tokenTo - tokenFrom != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (array[tokenFrom + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the token that was read last is exactly these bytes. */
  public boolean tokenIs(byte[] bytes) {
    return tokenTo - tokenFrom == bytes.length
        && Arrays.equals(array, tokenFrom, tokenTo, bytes, 0, bytes.length);
  }

  /** Steps over any value; the token is all of it. */
  public void skipValue() {
    skipValue(true);
  }

  /**
   * Steps over any value, of which only the grammar is looked at, as of {@link #readObject}: for a
   * value that is read once more.
   */
  public void passValue() {
    skipValue(false);
  }

  private void skipValue(boolean strict) {
    peek();
    int from = position;
    skip(0, strict);
    tokenFrom = from;
    tokenTo = position;
  }

  /**
   * Steps over an object; the slice is all of it, braces included. Only its grammar is looked at:
   * who reads it learns whether its strings and names are good, and can tell what they are of.
   */
  public Slice readObject() {
    if (peek() != '{') {
      throw malformed("an object expected");
    }
    skipValue(false);
    return new Slice(array, tokenFrom, tokenTo);
  }

  private void skip(int depth, boolean strict) {
    if (depth > MAX_DEPTH) {
      throw malformed("nested deeper than " + MAX_DEPTH);
    }
    switch (peek()) {
      case '"' -> {
        if (strict) {
          readString();
        } else {
          passString();
        }
      }
      case '{' -> {
        if (strict) {
          for (boolean more = beginObject(); more; more = nextMember()) {
            readName();
            skip(depth + 1, true);
          }
        } else {
          skipMembers(depth);
        }
      }
      case '[' -> {
        for (boolean more = beginArray(); more; more = nextElement()) {
          skip(depth + 1, strict);
        }
      }
      default -> {
        readScalar();
        if (!JsonScalars.isWhole(array, tokenFrom, tokenTo)) {
          throw malformed("a value expected");
        }
      }
    }
  }

  private void skipMembers(int depth) {
    expect('{');
    if (!consume('}')) {
      do {
        passString();
        expect(':');
        if (!passShortObject()) {
          skip(depth + 1, false);
        }
      } while (consume(','));
      expect('}');
    }
  }

  /**
   * Steps over an object like <code>{"S":"text"}</code>, which most values of items are, if that is
   * next and has neither white space nor anything but plain ASCII.
   */
  private boolean passShortObject() {
    int from = position;
    if (consumeOneLetterMember() == 0) {
      return false;
    }
    if (position < end && array[position] == '"') {
      int at = ByteSearch.endOfPlainAscii(array, position + 1, end);
      if (at + 1 < end && array[at] == '"' && array[at + 1] == '}') {
        position = at + 2;
        return true;
      }
    }
    position = from;
    return false;
  }

  private int afterEscape(int backslash, boolean strict) {
    int one = JsonEscapes.endOfOne(array, backslash, end);
    int behind = strict && one >= 0 ? JsonEscapes.end(array, backslash, end) : one;
    if (behind < 0) {
      position = backslash;
      throw malformed(
          one < 0 ? "an unknown escape in a string" : "half of a surrogate pair in a string");
    }
    return behind;
  }

  /** An error at the current position; says nothing of the data. */
  public MalformedJsonException malformed(String what) {
    return new MalformedJsonException(what + " at byte " + (position - start));
  }
}
