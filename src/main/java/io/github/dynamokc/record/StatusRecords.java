package io.github.dynamokc.record;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.ShardsOffset;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TablesOffset;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records that carry offsets which no data record carries. An offset is committed only if
 * its record reaches Kafka, so one that a transform drops fails the task: the table would stand
 * still for ever.
 *
 * <p>Key: the table's name, or of what is of no table a text with a slash, which no table's name
 * has. Value: {@code type}, {@code ts_ms} (epoch ms), {@code table} (empty for none), and the
 * fields of the partition and offset, but for a task's assignment and shards and the position in a
 * data file, which can be as long as all of them. Thread-safe.
 */
public final class StatusRecords {
  /** Of partitions and offsets: what is a field of its own, or as long as all others together. */
  private static final Set<String> NOT_SHOWN =
      Set.of(
          "kind",
          "table",
          AssignmentOffset.ASSIGNMENT,
          ShardsOffset.SHARDS,
          TablesOffset.TABLES,
          FileOffset.POSITION);

  private final String topic;
  private final StatusForm form;
  private final InstantSource clock;
  private final Consumer<ConnectException> failTask;

  public StatusRecords(
      String topic, StatusForm form, InstantSource clock, Consumer<ConnectException> failTask) {
    this.topic = topic;
    this.form = form;
    this.clock = clock;
    this.failTask = failTask;
  }

  /**
   * A status record that nobody waits for.
   *
   * @param offset null takes the partition's offset away
   */
  public TrackedRecord record(
      StatusType type, SourcePartition partition, @Nullable SourceOffset offset) {
    return record(type, partition, offset, Map.of(), DeliveryCallback.NO_OP);
  }

  /**
   * @param next told when the record is acknowledged; a dropped record never gets so far
   */
  public TrackedRecord record(
      StatusType type, SourcePartition partition, SourceOffset offset, DeliveryCallback next) {
    return record(type, partition, offset, Map.of(), next);
  }

  /**
   * A status record that nobody waits for, and that says more than its offset.
   *
   * @param said more fields; those of the partition and offset do not take their place
   */
  TrackedRecord record(
      StatusType type,
      SourcePartition partition,
      @Nullable SourceOffset offset,
      Map<String, Object> said) {
    return record(type, partition, offset, said, DeliveryCallback.NO_OP);
  }

  /**
   * Says how far the snapshot is.
   *
   * @param progress the object {@code progress} of the record
   */
  public TrackedRecord progress(
      StatusType type,
      SourcePartition partition,
      SourceOffset offset,
      Map<String, Object> progress) {
    return record(type, partition, offset, Map.of("progress", progress), DeliveryCallback.NO_OP);
  }

  /**
   * Says that an item is skipped.
   *
   * @param place names the number that says where it is
   * @param reason in words for the user, without data
   */
  TrackedRecord itemSkipped(
      SourcePartition partition,
      SourceOffset offset,
      String place,
      Object number,
      String reason,
      DeliveryCallback delivery) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put(place, number);
    said.put("reason", reason);
    return record(StatusType.ITEM_SKIPPED, partition, offset, said, delivery);
  }

  /**
   * Says that the record of an item is not in Kafka. Connect has committed that it is, so that the
   * offset that this one carries is the task's own and says nothing new.
   *
   * @param task the task, with its offset
   * @param source which the item is of
   * @param reason in words for the user, without data
   */
  public TrackedRecord itemRefused(
      SourcePartition.OfAssignment task,
      AssignmentOffset given,
      SourcePartition source,
      TrackedRecord refused,
      String reason) {
    Map<String, Object> said = fields(source.toConnect());
    said.putAll(fields(refused.sourceOffset()));
    said.put("topic", refused.topic());
    said.put("reason", reason);
    return record(StatusType.ITEM_SKIPPED, task, given, source, said, DeliveryCallback.NO_OP);
  }

  /** Says that a task is there though it has nothing to write. */
  public TrackedRecord heartbeat(SourcePartition.OfAssignment task, AssignmentOffset given) {
    return record(StatusType.HEARTBEAT, task, given);
  }

  /** Whether a record is a status record. */
  public boolean isOne(TrackedRecord record) {
    return record.topic().equals(topic);
  }

  /**
   * Says that changes are missing in Kafka.
   *
   * @param offset where to go on
   * @param next told when the record is acknowledged
   */
  public TrackedRecord dataLoss(
      SourcePartition partition, @Nullable SourceOffset offset, Loss loss, DeliveryCallback next) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("reason", loss.reason());
    said.put("from", loss.fromMs());
    said.put("to", loss.toMs());
    String sequence = loss.sequence();
    if (sequence != null) {
      said.put("sequence", sequence);
    }
    return record(StatusType.DATA_LOSS, partition, offset, said, next);
  }

  private TrackedRecord record(
      StatusType type,
      SourcePartition partition,
      @Nullable SourceOffset offset,
      Map<String, Object> more,
      DeliveryCallback next) {
    Map<String, Object> fields = fields(partition.toConnect());
    more.forEach(fields::putIfAbsent);
    if (offset != null) {
      fields(offset.toConnect()).forEach(fields::putIfAbsent);
    }
    return record(type, partition, offset, partition, fields, next);
  }

  /**
   * @param about whom it is about, which may be another than whose offset it carries
   */
  private TrackedRecord record(
      StatusType type,
      SourcePartition partition,
      @Nullable SourceOffset offset,
      SourcePartition about,
      Map<String, Object> fields,
      DeliveryCallback next) {
    long now = clock.millis();
    String table = about.table();
    return new TrackedRecord(
        partition.toConnect(),
        offset == null ? null : offset.toConnect(),
        topic,
        form.key(about.subject()),
        form.value(type, now, table == null ? "" : table, fields),
        now,
        null,
        type.isCheckpoint() ? new Required(type, next) : next,
        false);
  }

  private static Map<String, Object> fields(Map<String, ?> map) {
    Map<String, Object> fields = new LinkedHashMap<>(new TreeMap<>(map));
    fields.keySet().removeAll(NOT_SHOWN);
    return fields;
  }

  private final class Required implements DeliveryCallback {
    private final StatusType type;
    private final DeliveryCallback next;

    private Required(StatusType type, DeliveryCallback next) {
      this.type = type;
      this.next = next;
    }

    @Override
    public void acknowledged() {
      next.acknowledged();
    }

    @Override
    public void dropped() {
      failTask.accept(
          new ConnectException(
              "The status record "
                  + type
                  + " did not reach topic '"
                  + topic
                  + "': a transform (or errors.tolerance=all) dropped it. Status records carry the"
                  + " connector's checkpoint. Exempt them, for instance with"
                  + " predicates.isStatus.type=org.apache.kafka.connect.transforms.predicates.TopicNameMatches,"
                  + " predicates.isStatus.pattern=<status topic>, and on the transform"
                  + " predicate=isStatus, negate=true"));
    }
  }
}
