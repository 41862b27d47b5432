package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.KeyFormat;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.NetChange;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.testing.RecordForms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of the table {@code orders}, made with as little said as a test needs. */
public final class TestRecords {
  public static final long EXPORT_TIME = 1_700_020_441_123L;
  public static final long CREATED_AT = 1_699_336_310_000L;
  public static final long VERSION = 1_699_336_310_000_000L;
  public static final SourcePartition.OfFile FILE =
      new SourcePartition.OfFile("orders", "arn:export", "data/1.json.gz");
  public static final SourcePartition.OfShard SHARD =
      new SourcePartition.OfShard("orders", "arn:stream", "shardId-1");

  /** The offset of the shard before a change. */
  public static final ShardOffset BEFORE = new ShardOffset.Started(VERSION - 7, CREATED_AT, null);

  /** A delivery that a test does not expect to hear of. */
  public static final DeliveryCallback UNHEARD =
      new DeliveryCallback() {
        @Override
        public void acknowledged() {
          throw new AssertionError("acknowledged");
        }

        @Override
        public void dropped() {
          throw new AssertionError("dropped");
        }
      };

  private TestRecords() {}

  /** A table with the keys PK and SK. */
  public static TableRecords table() {
    return table("SK", KeyFormat.JSON, RemoveView.NEW_IMAGE);
  }

  public static TableRecords table(@Nullable String sortKey, KeyFormat format, RemoveView view) {
    return RecordForms.table(
        "orders",
        "orders-topic",
        "PK",
        sortKey,
        "key.format",
        format.name(),
        "stream.view.on.remove",
        view.name());
  }

  public static TrackedRecord item(TableRecords table, String item) {
    try {
      return table
          .ofFile(FILE, EXPORT_TIME, DocumentVersion.ofExport(EXPORT_TIME - 300_000), UNHEARD)
          .item(new JsonCursor().reset(Slice.of(item)), new FileOffset(7, false));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public static TrackedRecord insert(TableRecords table, String keys, String newImage) {
    return change(table, change(Operation.INSERT, keys, newImage, null, null));
  }

  public static TrackedRecord change(TableRecords table, ItemChange change) {
    List<TrackedRecord> records = changes(table, change);
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  public static List<TrackedRecord> changes(TableRecords table, ItemChange change) {
    try {
      return table
          .ofShard(SHARD)
          .change(
              change,
              BEFORE,
              new ShardOffset.Read(change.sequenceNumber(), VERSION, change.createdAtMs(), null),
              UNHEARD);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Of the seventh line of a data file. */
  public static List<TrackedRecord> netChanges(TableRecords table, NetChange change) {
    try {
      return table
          .ofChangesFile(FILE, VERSION, UNHEARD)
          .change(change, new FileOffset(6, false), new FileOffset(7, false));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public static ItemChange change(
      Operation operation,
      String keys,
      @Nullable String newImage,
      @Nullable String oldImage,
      @Nullable UserIdentity user) {
    return new ItemChange(
        "event-1",
        operation,
        "100000000000000000001",
        CREATED_AT,
        Slice.of(keys),
        newImage == null ? null : Slice.of(newImage),
        oldImage == null ? null : Slice.of(oldImage),
        user);
  }

  public static @Nullable Object header(TrackedRecord record, String name) {
    return record.headers().lastWithName(name).value();
  }

  public static String value(TrackedRecord record) {
    return (String) record.value();
  }
}
