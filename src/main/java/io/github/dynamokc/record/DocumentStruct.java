package io.github.dynamokc.record;

import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.event.Change;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.struct.ItemStructReader;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** The item itself as a struct. A removed item without image has its key, which is required. */
final class DocumentStruct implements ValueMaker {
  private final ItemStructReader structs;
  private final RemoveView removeView;

  DocumentStruct(ItemStructReader structs, RemoveView removeView) {
    this.structs = structs;
    this.removeView = removeView;
  }

  @Override
  public Exported exported(JsonCursor item, SourceInfo origin) throws InterruptedException {
    item.peek();
    int start = item.position();
    Struct struct = structs.read(item);
    return new Exported(structs.key(), Payload.of(struct, item.position() - start));
  }

  @Override
  public Payload changed(Change change, @Nullable String shard) throws InterruptedException {
    Slice image = DocumentImage.of(change, removeView);
    return struct(image == null ? change.keys() : image);
  }

  private Payload struct(Slice image) throws InterruptedException {
    return Payload.of(structs.read(image), image.length());
  }
}
