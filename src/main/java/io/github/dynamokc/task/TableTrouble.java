package io.github.dynamokc.task;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.offset.MalformedOffsetException;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TroubleOffset;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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

  /** What was told here, empty for that a table goes on: it takes a while until it is committed. */
  private final Map<String, Optional<TroubleOffset>> toldHere = new ConcurrentHashMap<>();

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
    Optional<TroubleOffset> here = toldHere.get(table);
    if (here != null) {
      return here.orElse(null);
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
   * @param settled called when that is in Kafka or was dropped, and all that was put before it has
   *     been handed over
   * @throws InterruptedException if the task stops meanwhile
   */
  void failed(String table, String reason, Runnable settled) throws InterruptedException {
    tell(StatusType.TABLE_FAILED, table, TroubleOffset.failed(reason, clock.millis()), settled);
  }

  /**
   * Tells that a table cannot be followed yet; nothing if that is told.
   *
   * @throws InterruptedException if the task stops meanwhile
   */
  void skipped(String table, String reason) throws InterruptedException {
    TroubleOffset before = told(table);
    if (before != null && !before.failed() && before.reason().equals(reason)) {
      return;
    }
    tell(StatusType.TABLE_SKIPPED, table, TroubleOffset.skipped(reason, clock.millis()), () -> {});
  }

  /**
   * Tells that a table is followed, if it was told that it is not.
   *
   * @throws InterruptedException if the task stops meanwhile
   */
  void resumed(String table) throws InterruptedException {
    if (told(table) != null) {
      toldHere.put(table, Optional.empty());
      output.announce(StatusType.TABLE_RESUMED, new SourcePartition.OfTrouble(table), null);
    }
  }

  /** Whether it was told last that the work on a table has failed. */
  boolean isFailed(String table) {
    TroubleOffset last = told(table);
    return last != null && last.failed();
  }

  private void tell(StatusType type, String table, TroubleOffset trouble, Runnable settled)
      throws InterruptedException {
    TroubleOffset before = told(table);
    boolean again = before != null && before.tellsSameAs(trouble);
    if (!again) {
      toldHere.put(table, Optional.of(trouble));
    }
    // What is settled behind it is waited for, also if it is told already.
    output.announce(
        again ? StatusType.HEARTBEAT : type,
        new SourcePartition.OfTrouble(table),
        before != null && again ? before : trouble,
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
