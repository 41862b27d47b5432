package io.github.dynamokc.record;

import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.struct.ItemStructReader;
import java.time.InstantSource;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Debezium's envelope as a struct, which its ExtractNewRecordState can unwrap. */
final class EnvelopeStruct implements ValueMaker {
  private final KeyNames names;
  private final ItemStructReader structs;
  private final EnvelopeSchema schema;
  private final ConnectorIdentity connector;
  private final String table;
  private final InstantSource clock;

  EnvelopeStruct(
      KeyNames names,
      ItemStructReader structs,
      EnvelopeSchema schema,
      ConnectorIdentity connector,
      String table,
      InstantSource clock) {
    this.names = names;
    this.structs = structs;
    this.schema = schema;
    this.connector = connector;
    this.table = table;
    this.clock = clock;
  }

  @Override
  public Exported exported(JsonCursor item, SourceInfo origin) throws InterruptedException {
    Slice image = item.readObject();
    return new Exported(names.read(image), envelope(null, image, origin));
  }

  @Override
  public Payload changed(ItemChange change, String shard) throws InterruptedException {
    return envelope(
        EnvelopeImages.before(change), EnvelopeImages.after(change), SourceInfo.of(change, shard));
  }

  private Payload envelope(@Nullable Slice before, @Nullable Slice after, SourceInfo origin)
      throws InterruptedException {
    ItemStructReader.Images images = structs.read(before, after);
    Struct envelope =
        new Struct(schema.around(images.schema()))
            .put(EnvelopeSchema.BEFORE, images.before())
            .put(EnvelopeSchema.AFTER, images.after())
            .put(EnvelopeSchema.SOURCE, schema.source(origin, connector, table))
            .put(EnvelopeSchema.OP, origin.op())
            .put(EnvelopeSchema.TS_MS, clock.millis());
    return Payload.of(envelope, length(before) + length(after));
  }

  private static long length(@Nullable Slice image) {
    return image == null ? 0 : image.length();
  }
}
