package io.github.dynamokc.task;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.offset.MalformedOffsetException;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TroubleOffset;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in the status topic why a table is not followed, once for each reason: what was told last
 * is an offset, so that a restart does not tell it again.
 */
final class TableTrouble {
  private static final Logger LOG = LoggerFactory.getLogger(TableTrouble.class);

  private final TaskTables tables;
  private final TaskOutput output;
  private final InstantSource clock;

  /** What was told here: it takes a while until that is committed. */
  private final Map<String, TroubleOffset> toldHere = new ConcurrentHashMap<>();

  /**
   * @param output of the task, which is open when the table's is not any more
   */
  TableTrouble(TaskTables tables, TaskOutput output, InstantSource clock) {
    this.tables = tables;
    this.output = output;
    this.clock = clock;
  }

  /** What was told last of a table, null for nothing. */
  @Nullable TroubleOffset told(String table) {
    TroubleOffset here = toldHere.get(table);
    if (here != null) {
      return here;
    }
    try {
      return tables.offsets().trouble(table);
    } catch (MalformedOffsetException e) {
      LOG.warn("What was told of table {} is not understood, and told again", table, e);
      return null;
    }
  }

  /**
   * Tells that the work on a table has failed.
   *
   * @param settled called when that is in Kafka, or need not be told, or was dropped
   * @throws InterruptedException if the task stops meanwhile
   */
  void failed(String table, String reason, Runnable settled) throws InterruptedException {
    tell(StatusType.TABLE_FAILED, table, TroubleOffset.failed(reason, clock.millis()), settled);
  }

  /**
   * Tells that a table cannot be followed yet.
   *
   * @throws InterruptedException if the task stops meanwhile
   */
  void skipped(String table, String reason) throws InterruptedException {
    tell(StatusType.TABLE_SKIPPED, table, TroubleOffset.skipped(reason, clock.millis()), () -> {});
  }

  /**
   * Tells that a table is followed, if it was told that it is not.
   *
   * @throws InterruptedException if the task stops meanwhile
   */
  void resumed(String table) throws InterruptedException {
    if (told(table) != null) {
      toldHere.remove(table);
      output.announce(StatusType.TABLE_RESUMED, new SourcePartition.OfTrouble(table), null);
    }
  }

  private void tell(StatusType type, String table, TroubleOffset trouble, Runnable settled)
      throws InterruptedException {
    TroubleOffset before = told(table);
    if (before != null && before.tellsSameAs(trouble)) {
      settled.run();
      return;
    }
    toldHere.put(table, trouble);
    output.announce(
        type,
        new SourcePartition.OfTrouble(table),
        trouble,
        new DeliveryCallback() {
          @Override
          public void acknowledged() {
            settled.run();
          }

          @Override
          public void dropped() {
            settled.run();
          }
        });
  }
}
