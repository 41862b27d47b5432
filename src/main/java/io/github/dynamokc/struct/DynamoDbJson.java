package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;

/** Values as the text of their DynamoDB JSON, without white space. Not thread-safe. */
final class DynamoDbJson {
  private final ItemTranscoder transcoder = ItemTranscoder.toDynamoDbJson(null);
  private final ByteSink sink = new ByteSink();

  /**
   * Steps over the typed value that is next and gives it, as <code>{"S":"a"}</code>.
   *
   * @param depth how deep it is in its item, 0 for the value of an attribute
   */
  String typed(JsonCursor in, int depth) {
    sink.clear();
    transcoder.transcodeValue(in, depth, sink);
    return sink.text();
  }

  /** Steps over the typed value of an attribute and gives what is behind its type. */
  String inside(JsonCursor in, AttributeType type) {
    sink.clear();
    transcoder.transcodeValue(in, 0, sink);
    return sink.text(type.opening().length(), sink.length() - 1);
  }
}
