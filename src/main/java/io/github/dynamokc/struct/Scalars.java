package io.github.dynamokc.struct;

import io.github.dynamokc.event.JsonCursor;

/** Steps over the scalars of DynamoDB JSON that are no strings. */
final class Scalars {
  private Scalars() {}

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
}
