package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;

/** How far the attribute that is being read fits its column. Used again and again by one thread. */
final class ReadResult {
  private final DynamoDbJson texts;
  private boolean misfit;
  private boolean lacksFields;
  private int depth;

  ReadResult(DynamoDbJson texts) {
    this.texts = texts;
  }

  void reset() {
    misfit = false;
    lacksFields = false;
    depth = 0;
  }

  /** Steps into a list, set or map. */
  void descend() {
    depth++;
  }

  /** Steps out of it, which is not to be told of what was refused. */
  void ascend() {
    depth--;
  }

  /** The column cannot hold the attribute: there is no use in reading on. */
  void refuse() {
    misfit = true;
  }

  /** The column has no field for something in the attribute, but could get one. */
  void needsField() {
    lacksFields = true;
  }

  boolean isRefused() {
    return misfit;
  }

  boolean lacksFields() {
    return lacksFields;
  }

  boolean isExact() {
    return !misfit && !lacksFields;
  }

  /** Steps over the typed value that is next and gives its text. */
  String text(JsonCursor in) {
    return texts.typed(in, depth);
  }

  /**
   * Whether the attribute that is being read fits its column. One instance is reused by one thread.
   */
  boolean open(JsonCursor in, AttributeType wanted) {
    AttributeType found = AttributeType.open(in);
    if (found == wanted) {
      return true;
    }
    if (found == AttributeType.NULL) {
      ScalarReader.endOfNull(in);
    } else {
      refuse();
    }
    return false;
  }
}
