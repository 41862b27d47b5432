package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;

/** Steps over the scalars of DynamoDB JSON that are no strings. */
final class ScalarReader {
  private ScalarReader() {}

  static boolean bool(JsonCursor in) {
    in.readScalar();
    if (in.tokenIs("true")) {
      return true;
    }
    if (in.tokenIs("false")) {
      return false;
    }
    throw in.malformed("true or false expected");
  }

  /** What stands in a NULL attribute. */
  static void expectTrue(JsonCursor in) {
    in.readScalar();
    if (!in.tokenIs("true")) {
      throw in.malformed("true expected in a NULL attribute");
    }
  }

  /** What follows the type of a NULL attribute. */
  static void endOfNull(JsonCursor in) {
    expectTrue(in);
    in.expect('}');
  }

  /** Steps over the typed value that is next if it is a NULL. */
  static boolean consumeNull(JsonCursor in) {
    int start = in.position();
    if (AttributeType.open(in) == AttributeType.NULL) {
      endOfNull(in);
      return true;
    }
    in.rewind(start);
    return false;
  }
}
