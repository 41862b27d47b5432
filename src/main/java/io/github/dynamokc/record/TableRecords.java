package io.github.dynamokc.record;

import io.github.dynamokc.config.RecordConfig;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.config.SkippedOperation;
import io.github.dynamokc.config.ValueFormat;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.event.Change;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.item.ItemTranscoder;
import io.github.dynamokc.item.KeyNames;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.struct.ItemStructReader;
import io.github.dynamokc.struct.ItemStructs;
import io.github.dynamokc.struct.KeyStructs;
import java.time.InstantSource;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * How the records of one table are made.
 *
 * @param removeView which image a REMOVE carries as its document
 * @param structs makes items into structs; null unless the format of values is that
 * @param connector who writes the records
 */
public record TableRecords(
    TableTopic target,
    RecordConfig config,
    RemoveView removeView,
    @Nullable ItemStructs structs,
    ConnectorIdentity connector,
    InstantSource clock) {

  /**
   * A maker of the records of one data file, for one thread.
   *
   * @param exportTimeMs the export's point in time, epoch ms
   * @param version a document version below that of every change that is kept
   * @param delivery told of the fate of each record
   */
  public ExportRecordConverter ofFile(
      SourcePartition.OfFile partition,
      long exportTimeMs,
      long version,
      DeliveryCallback delivery) {
    return new ExportRecordConverter(this, partition, exportTimeMs, version, delivery);
  }

  /**
   * A maker of the records of one data file of an incremental export, for one thread.
   *
   * @param version the document version of all its changes, below that of every change that follows
   * @param delivery told of the fate of each record
   */
  public NetChangeRecordConverter ofChangesFile(
      SourcePartition.OfFile partition, long version, DeliveryCallback delivery) {
    return new NetChangeRecordConverter(this, partition, version, delivery);
  }

  /**
   * A maker of the records of changes of a shard, for one thread; it keeps buffers, so that many
   * records should share one.
   */
  public ChangeRecordConverter ofShard(SourcePartition.OfShard shard) {
    return new ChangeRecordConverter(this, shard);
  }

  /** Whether the items of the snapshot are skipped. */
  public boolean skipsSnapshot() {
    return config.skipped().contains(SkippedOperation.R);
  }

  /**
   * Whether a change is skipped. That a removal was for time to live is told of changes of a shard
   * only: one of an incremental export is skipped for {@code d}, never for {@code ttl}.
   */
  public boolean skips(Change change) {
    Set<SkippedOperation> skipped = config.skipped();
    return switch (change.operation()) {
      case INSERT -> skipped.contains(SkippedOperation.C);
      case MODIFY -> skipped.contains(SkippedOperation.U);
      case REMOVE ->
          skipped.contains(SkippedOperation.D)
              || (change.isTimeToLive() && skipped.contains(SkippedOperation.TTL));
    };
  }

  /** Whether the image that was asked for of a removed item is not there. */
  public boolean lacksOldImage(Change change) {
    return removeView == RemoveView.OLD_IMAGE
        && change.operation() == Operation.REMOVE
        && change.oldImage() == null;
  }

  String table() {
    return target.table();
  }

  String topic() {
    return target.topic();
  }

  RecordSize size() {
    return new RecordSize(config.sizeLimit());
  }

  KeyNames keyNames() {
    return new KeyNames(target.partitionKey(), target.sortKey());
  }

  HeaderNames headerNames() {
    return new HeaderNames(config.headersPrefix());
  }

  KeyMaker keyMaker() {
    TextEncoding encoding = TextEncoding.forConverter(config.keyConverter());
    return switch (config.keyFormat()) {
      case JSON -> key -> encoding.of(key.json());
      case PRIMARY_KEY -> key -> encoding.of(key.primaryKey());
      case STRUCT -> {
        KeyStructs keys = new KeyStructs(SchemaNames.key(topic()), config.struct().numbers());
        yield key -> {
          Struct struct = keys.of(key);
          return Payload.of(struct, key.primaryKey().length());
        };
      }
    };
  }

  ValueMaker valueMaker() {
    if (config.valueFormat() == ValueFormat.STRUCT) {
      return structMaker();
    }
    KeyNames names = keyNames();
    ItemTranscoder transcoder =
        config.valueFormat() == ValueFormat.JSON
            ? ItemTranscoder.toPlainJson(names)
            : ItemTranscoder.toDynamoDbJson(names);
    TextEncoding encoding = TextEncoding.forConverter(config.valueConverter());
    return switch (config.valueLayout()) {
      case DOCUMENT -> new DocumentText(names, transcoder, encoding, removeView);
      case ENVELOPE -> new EnvelopeText(names, transcoder, encoding, connector, table(), clock);
    };
  }

  private ValueMaker structMaker() {
    if (structs == null) {
      throw new IllegalStateException("Structs were not made for table " + table());
    }
    ItemStructReader reader = structs.reader();
    return switch (config.valueLayout()) {
      case DOCUMENT -> new DocumentStruct(reader, removeView);
      case ENVELOPE ->
          new EnvelopeStruct(
              reader, new EnvelopeSchema(SchemaNames.envelope(topic())), connector, table(), clock);
    };
  }
}
