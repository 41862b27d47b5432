package io.github.dynamokc.record;

import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.event.Change;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.json.ByteSink;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.JsonText;
import io.github.dynamokc.json.Slice;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Debezium's envelope as a JSON object. */
final class EnvelopeText implements ValueMaker {
  private final KeyNames names;
  private final ItemTranscoder transcoder;
  private final TextEncoding encoding;
  private final String connector;
  private final String table;
  private final InstantSource clock;
  private final ByteSink text = new ByteSink();
  private final JsonCursor cursor = new JsonCursor();

  /**
   * @param transcoder reads keys on the way
   */
  EnvelopeText(
      KeyNames names,
      ItemTranscoder transcoder,
      TextEncoding encoding,
      ConnectorIdentity connector,
      String table,
      InstantSource clock) {
    this.names = names;
    this.transcoder = transcoder;
    this.encoding = encoding;
    this.connector =
        "{\"version\":%s,\"connector\":\"%s\",\"name\":%s,\"ts_ms\":"
            .formatted(
                JsonText.quoted(connector.version()),
                ConnectorIdentity.KIND,
                JsonText.quoted(connector.name()));
    this.table = ",\"table\":" + JsonText.quoted(table);
    this.clock = clock;
  }

  @Override
  public Exported exported(JsonCursor item, SourceInfo origin) {
    text.clear();
    text.writeAscii("{\"before\":null,\"after\":");
    transcoder.transcode(item, text);
    writeRest(origin);
    return new Exported(
        names.key(transcoder.partitionKey(), transcoder.sortKey()), encoding.of(text));
  }

  @Override
  public Payload changed(Change change, @Nullable String shard) {
    text.clear();
    text.writeAscii("{\"before\":");
    write(EnvelopeImages.before(change));
    text.writeAscii(",\"after\":");
    write(EnvelopeImages.after(change));
    writeRest(SourceInfo.of(change, shard));
    return encoding.of(text);
  }

  private void write(@Nullable Slice image) {
    if (image == null) {
      text.writeAscii("null");
    } else {
      transcoder.transcode(cursor.reset(image), text);
    }
  }

  private void writeRest(SourceInfo origin) {
    text.writeAscii(",\"source\":");
    text.writeText(connector);
    text.writeAscii(Long.toString(origin.timestampMs()));
    text.writeAscii(",\"snapshot\":\"");
    text.writeAscii(origin.snapshot());
    text.write('"');
    text.writeText(table);
    writeMember("event_id", origin.eventId());
    writeMember("sequence", origin.sequence());
    writeMember("shard", origin.shard());
    UserIdentity user = origin.user();
    if (user == null) {
      text.writeAscii(",\"user_identity\":null");
    } else {
      text.writeAscii(",\"user_identity\":{\"type\":");
      text.writeText(JsonText.quoted(user.type()));
      writeMember("principal_id", user.principalId());
      text.write('}');
    }
    text.writeAscii("},\"op\":\"");
    text.writeAscii(origin.op());
    text.writeAscii("\",\"ts_ms\":");
    text.writeAscii(Long.toString(clock.millis()));
    text.write('}');
  }

  private void writeMember(String name, @Nullable String value) {
    text.writeAscii(",\"" + name + "\":");
    text.writeText(value == null ? "null" : JsonText.quoted(value));
  }
}
