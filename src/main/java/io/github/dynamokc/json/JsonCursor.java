package io.github.dynamokc.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over JSON bytes without building anything: tokens are found as positions in the array they
 * came in, so that strings and numbers can be copied as they stand. Strict about what it walks
 * over. Reusable, not thread-safe.
 */
public final class JsonCursor {
  private static final byte[] EMPTY = {};
  private static final int MAX_DEPTH = 200;

  private byte[] array = EMPTY;
  private int start;
  private int position;
  private int end;
  private int tokenFrom;
  private int tokenTo;

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
   * Goes back to where it stood.
   *
   * @param earlier a position since the last reset
   */
  public void rewind(int earlier) {
    position = earlier;
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
    return !consume('}');
  }

  /**
   * Steps over what follows the value of a member.
   *
   * @return whether another member comes; if not, the object is stepped over
   */
  public boolean nextMember() {
    return goesOn('}');
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
        || !isLetter(array[at + 2])) {
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
    tokenFrom = position;
    boolean plain = true;
    int at = ByteSearch.endOfPlain(array, position, end);
    while (at < end && array[at] != '"') {
      if (array[at] != '\\') {
        position = at;
        throw malformed("a control character inside a string");
      }
      plain = false;
      at = ByteSearch.endOfPlain(array, afterEscape(at), end);
    }
    if (at == end) {
      position = end;
      throw malformed("the end of a string expected");
    }
    tokenTo = at;
    position = at + 1;
    return plain;
  }

  /** Steps over a string and gives its text. */
  public String readText() {
    readString();
    return tokenText();
  }

  /** The text of the string that was read last. */
  public String tokenText() {
    String raw = new String(array, tokenFrom, tokenTo - tokenFrom, StandardCharsets.UTF_8);
    return raw.indexOf('\\') < 0 ? raw : JsonEscapes.unescape(raw);
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
    while (at < end && isScalar(array[at])) {
      at++;
    }
    if (at == position) {
      throw malformed("a value expected");
    }
    tokenTo = at;
    position = at;
  }

  /** Whether the token that was read last is exactly this ASCII text. */
  public boolean tokenIs(String ascii) {
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
    peek();
    int from = position;
    skip(0);
    tokenFrom = from;
    tokenTo = position;
  }

  /** Steps over an object; the slice is all of it, braces included. */
  public Slice readObject() {
    if (peek() != '{') {
      throw malformed("an object expected");
    }
    skipValue();
    return new Slice(array, tokenFrom, tokenTo);
  }

  private void skip(int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed("nested deeper than " + MAX_DEPTH);
    }
    switch (peek()) {
      case '"' -> readString();
      case '{' -> {
        position++;
        if (!consume('}')) {
          do {
            readString();
            expect(':');
            skip(depth + 1);
          } while (consume(','));
          expect('}');
        }
      }
      case '[' -> {
        position++;
        if (!consume(']')) {
          do {
            skip(depth + 1);
          } while (consume(','));
          expect(']');
        }
      }
      default -> {
        readScalar();
        if (!tokenIs("true") && !tokenIs("false") && !tokenIs("null") && !tokenIsNumber()) {
          throw malformed("a value expected");
        }
      }
    }
  }

  /** The grammar of RFC 8259, section 6. */
  private boolean tokenIsNumber() {
    int at = tokenFrom;
    if (at < tokenTo && array[at] == '-') {
      at++;
    }
    int digits = afterDigits(at);
    if (digits == at || (array[at] == '0' && digits > at + 1)) {
      return false;
    }
    at = digits;
    if (at < tokenTo && array[at] == '.') {
      digits = afterDigits(at + 1);
      if (digits == at + 1) {
        return false;
      }
      at = digits;
    }
    if (at < tokenTo && (array[at] == 'e' || array[at] == 'E')) {
      at++;
      if (at < tokenTo && (array[at] == '+' || array[at] == '-')) {
        at++;
      }
      digits = afterDigits(at);
      if (digits == at) {
        return false;
      }
      at = digits;
    }
    return at == tokenTo;
  }

  private int afterDigits(int from) {
    int at = from;
    while (at < tokenTo && array[at] >= '0' && array[at] <= '9') {
      at++;
    }
    return at;
  }

  private int afterEscape(int backslash) {
    int next = backslash + 1;
    int escaped = next < end ? array[next] : -1;
    switch (escaped) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return next + 1;
      }
      case 'u' -> {
        for (int i = 1; i <= 4; i++) {
          if (next + i >= end || Character.digit(array[next + i], 16) < 0) {
            position = backslash;
            throw malformed("four hexadecimal digits expected after \\u");
          }
        }
        return next + 5;
      }
      default -> {
        position = backslash;
        throw malformed("an unknown escape in a string");
      }
    }
  }

  private static boolean isLetter(byte b) {
    return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  private static boolean isScalar(byte b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || b == '-'
        || b == '+'
        || b == '.'
        || b == 'E';
  }

  /** An error at the current position; says nothing of the data. */
  public MalformedJsonException malformed(String what) {
    return new MalformedJsonException(what + " at byte " + (position - start));
  }
}
