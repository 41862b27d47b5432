package io.github.dynamokc.record;

import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.struct.ItemStructReader;

/** The item itself as a struct. A removed item without image has its key, which is required. */
final class DocumentStruct implements ValueMaker {
  private final KeyNames names;
  private final ItemStructReader structs;
  private final RemoveView removeView;

  DocumentStruct(KeyNames names, ItemStructReader structs, RemoveView removeView) {
    this.names = names;
    this.structs = structs;
    this.removeView = removeView;
  }

  @Override
  public Exported exported(JsonCursor item, SourceInfo origin) throws InterruptedException {
    Slice image = item.readObject();
    return new Exported(names.read(image), struct(image));
  }

  @Override
  public Payload changed(ItemChange change, String shard) throws InterruptedException {
    Slice image = DocumentImage.of(change, removeView);
    return struct(image == null ? change.keys() : image);
  }

  private Payload struct(Slice image) throws InterruptedException {
    return Payload.of(structs.read(image), image.length());
  }
}
