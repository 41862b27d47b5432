package io.github.dynamokc.struct;

import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;

/** Values as the text of their DynamoDB JSON, without white space. Not thread-safe. */
final class DynamoDbJson {
  private final ItemTranscoder transcoder = ItemTranscoder.toDynamoDbJson(null);
  private final ByteSink sink = new ByteSink();

  /** Steps over the typed value that is next and gives it, as <code>{"S":"a"}</code>. */
  String typed(JsonCursor in) {
    sink.clear();
    transcoder.transcodeValue(in, 0, sink);
    return sink.text();
  }

  /** Steps over the typed value that is next and gives what is behind its type. */
  String inside(JsonCursor in, AttributeType type) {
    String typed = typed(in);
    return typed.substring(type.opening().length(), typed.length() - 1);
  }
}
