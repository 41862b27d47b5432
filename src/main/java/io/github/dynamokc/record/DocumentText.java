package io.github.dynamokc.record;

import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.event.Change;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import org.jspecify.annotations.Nullable;

/** The item itself as text. */
final class DocumentText implements ValueMaker {
  private static final String NO_IMAGE = "{}";

  private final KeyNames names;
  private final ItemTranscoder transcoder;
  private final TextEncoding encoding;
  private final RemoveView removeView;
  private final ByteSink text = new ByteSink();
  private final JsonCursor cursor = new JsonCursor();

  /**
   * @param transcoder reads keys on the way
   */
  DocumentText(
      KeyNames names, ItemTranscoder transcoder, TextEncoding encoding, RemoveView removeView) {
    this.names = names;
    this.transcoder = transcoder;
    this.encoding = encoding;
    this.removeView = removeView;
  }

  @Override
  public Exported exported(JsonCursor item, SourceInfo origin) {
    Payload value = transcoded(item);
    return new Exported(names.key(transcoder.partitionKey(), transcoder.sortKey()), value);
  }

  @Override
  public Payload changed(Change change, @Nullable String shard) {
    Slice image = DocumentImage.of(change, removeView);
    return image == null ? encoding.of(NO_IMAGE) : transcoded(cursor.reset(image));
  }

  private Payload transcoded(JsonCursor item) {
    text.clear();
    transcoder.transcode(item, text);
    return encoding.of(text);
  }
}
