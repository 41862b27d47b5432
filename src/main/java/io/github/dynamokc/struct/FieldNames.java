package io.github.dynamokc.struct;

/**
 * Names for schemas made of the names of attributes. Avro allows letters, digits and underscores,
 * and no digit in front; an attribute's name may be anything.
 *
 * <p>What is legal stays. Any other UTF-16 unit becomes {@code _xHHHH_}, four hexadecimal digits in
 * upper case; so does a digit in front, and an underscore that an {@code x} follows, which makes
 * {@code _x} the start of an escape wherever it stands. The empty name is {@code _x_}. The reserved
 * name {@code __other} has its first underscore escaped. Two names are never mapped to one.
 */
final class FieldNames {
  /** The field for what no column holds. */
  static final String OTHER = "__other";

  private static final String EMPTY = "_x_";
  private static final String LEVEL = "_xx";
  private static final int ESCAPE_LENGTH = "_x0000_".length();

  private FieldNames() {}

  /** The legal name of an attribute. */
  static String legal(String attributeName) {
    if (attributeName.isEmpty()) {
      return EMPTY;
    }
    StringBuilder legal = new StringBuilder(attributeName.length());
    for (int i = 0; i < attributeName.length(); i++) {
      char c = attributeName.charAt(i);
      if (isEscaped(attributeName, i)) {
        legal.append(String.format("_x%04X_", (int) c));
      } else {
        legal.append(c);
      }
    }
    return legal.toString();
  }

  /** The attribute's name of which a legal name was made. */
  static String attribute(String legal) {
    if (legal.equals(EMPTY)) {
      return "";
    }
    StringBuilder name = new StringBuilder(legal.length());
    int at = 0;
    while (at < legal.length()) {
      if (isEscape(legal, at)) {
        name.append((char) Integer.parseInt(legal, at + 2, at + 6, 16));
        at += ESCAPE_LENGTH;
      } else {
        name.append(legal.charAt(at++));
      }
    }
    return name.toString();
  }

  /**
   * The name of the schema of a struct in a field. Different paths of fields have different names:
   * read from the left, what {@code _x} begins is an escape, and what {@code _xx} begins is the
   * next field.
   *
   * @param schema name of the schema around it
   * @param field a legal name
   */
  static String nested(String schema, String field) {
    return schema + LEVEL + field;
  }

  private static boolean isEscaped(String name, int at) {
    char c = name.charAt(at);
    if (c == '_') {
      boolean beforeX = at + 1 < name.length() && name.charAt(at + 1) == 'x';
      return beforeX || (at == 0 && name.equals(OTHER));
    }
    boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    boolean digit = c >= '0' && c <= '9';
    return !letter && !(digit && at > 0);
  }

  private static boolean isEscape(String legal, int at) {
    if (!legal.startsWith("_x", at)
        || at + ESCAPE_LENGTH > legal.length()
        || legal.charAt(at + ESCAPE_LENGTH - 1) != '_') {
      return false;
    }
    for (int i = at + 2; i < at + 6; i++) {
      char c = legal.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'F')) {
        return false;
      }
    }
    return true;
  }
}
