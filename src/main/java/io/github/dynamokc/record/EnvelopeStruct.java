package io.github.dynamokc.record;

import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.event.Change;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.struct.ItemStructReader;
import java.time.InstantSource;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Debezium's envelope as a struct, which its ExtractNewRecordState can unwrap. */
final class EnvelopeStruct implements ValueMaker {
  private final ItemStructReader structs;
  private final EnvelopeSchema schema;
  private final ConnectorIdentity connector;
  private final String table;
  private final InstantSource clock;

  EnvelopeStruct(
      ItemStructReader structs,
      EnvelopeSchema schema,
      ConnectorIdentity connector,
      String table,
      InstantSource clock) {
    this.structs = structs;
    this.schema = schema;
    this.connector = connector;
    this.table = table;
    this.clock = clock;
  }

  @Override
  public Exported exported(JsonCursor item, SourceInfo origin) throws InterruptedException {
    item.peek();
    int start = item.position();
    Struct after = structs.readImage(item);
    return new Exported(
        structs.key(),
        envelope(
            new ItemStructReader.Images(after.schema(), null, after),
            origin,
            item.position() - start));
  }

  @Override
  public Payload changed(Change change, @Nullable String shard) throws InterruptedException {
    Slice before = EnvelopeImages.before(change);
    Slice after = EnvelopeImages.after(change);
    return envelope(
        structs.read(before, after), SourceInfo.of(change, shard), length(before) + length(after));
  }

  private Payload envelope(ItemStructReader.Images images, SourceInfo origin, long bytes) {
    Struct envelope =
        new Struct(schema.around(images.schema()))
            .put(EnvelopeSchema.BEFORE, images.before())
            .put(EnvelopeSchema.AFTER, images.after())
            .put(EnvelopeSchema.SOURCE, schema.source(origin, connector, table))
            .put(EnvelopeSchema.OP, origin.op())
            .put(EnvelopeSchema.TS_MS, clock.millis());
    return Payload.of(envelope, bytes);
  }

  private static long length(@Nullable Slice image) {
    return image == null ? 0 : image.length();
  }
}
