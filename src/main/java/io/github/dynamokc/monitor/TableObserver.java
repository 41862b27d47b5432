package io.github.dynamokc.monitor;

import io.github.dynamokc.config.LossResponse;
import io.github.dynamokc.config.SnapshotMode;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.lineage.Absence;
import io.github.dynamokc.metrics.Phase;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.table.TableDescription;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides in which phase a table is: from its committed offsets, and from what AWS says of the
 * table, its export, its data files and its shards, as far as the phase asks for it. On one thread
 * of the monitor.
 */
public final class TableObserver {
  private static final Logger LOG = LoggerFactory.getLogger(TableObserver.class);

  private static final ObservedTable.Streaming.Due NOTHING_DUE =
      ObservedTable.Streaming.Due.NOTHING;

  private final TableConfig config;
  private final ObserverContext context;
  private final CountsOfTasks counts;
  private final PhaseWatch phase;
  private final SnapshotObserver snapshot;
  private final StreamObserver stream;
  private final RepairObserver repair;
  private final Absence deleted;
  private final boolean removable;
  private @Nullable TableDescription lastDescription;

  /** What was seen last; null at first. */
  private @Nullable ObservedTable latest;

  /** Since when nothing of a deleted table is left to do, epoch ms; null if that is not so. */
  private @Nullable Long overSinceMs;

  public TableObserver(TableConfig config, ObserverContext context) {
    this(config, context, false);
  }

  /**
   * @param removable whether the table may be deleted: its offsets are taken away then, and one
   *     that is created under the same name is another one
   */
  TableObserver(TableConfig config, ObserverContext context, boolean removable) {
    this.removable = removable;
    this.config = config;
    this.context = context;
    this.counts = new CountsOfTasks(config.table().name(), context);
    this.phase = new PhaseWatch(context.metrics(), context.clock());
    this.snapshot = new SnapshotObserver(config, context);
    this.stream = new StreamObserver(config, context);
    this.repair = new RepairObserver(config, context);
    this.deleted =
        new Absence(
            config.stream()
                .shardDiscoveryInterval()
                .multipliedBy(StreamObserver.INTERVALS_UNTIL_CERTAIN));
  }

  /**
   * Reads what tasks have counted before the first observation, so that the table's metrics can be
   * shown: numbers that began at 0 and then were what they had been would look like new ones.
   */
  void readCounts() {
    counts.read();
  }

  /**
   * @throws ConnectException if the table cannot go on: it is another table now, its stream is
   *     another one, its exports fail, or AWS refuses
   */
  public ObservedTable observe() throws InterruptedException {
    counts.read();
    TableOffset offset = context.offsets().table(name());
    if (offset == null) {
      overSinceMs = null;
      latest = firstAttempt(null);
      return latest;
    }
    TableDescription table = describe(offset.registration());
    ObservedTable seen =
        removable && table == null ? observeDeleted(offset) : observe(offset, table);
    latest = seen;
    return seen;
  }

  /** Whether nothing is committed of the table. */
  boolean isUnknown() {
    return context.offsets().table(name()) == null;
  }

  /** What a table has left in its stream, or in an export, is still read. */
  private ObservedTable observeDeleted(TableOffset offset) throws InterruptedException {
    String reason;
    try {
      ObservedTable seen = observe(offset, null);
      if (!(seen instanceof ObservedTable.Completed || isToBeExported(seen, offset))) {
        overSinceMs = null;
        return seen;
      }
      reason = "The table was deleted";
    } catch (TableDeletedException e) {
      if (!e.isReadToItsEnd() && config.stream().onDataLoss() == LossResponse.FAIL) {
        throw e;
      }
      reason =
          e.isReadToItsEnd()
              ? "The table was deleted, and its stream was read to its end"
              : "The table was deleted, and its stream is gone, with changes that were not read";
    }
    return whenChangesAreOld(
        new ObservedTable.Removing(
            new TableWork.Remove(name(), offset.registration().tableId(), reason)));
  }

  /** There will be no export of a table that is deleted. */
  private static boolean isToBeExported(ObservedTable seen, TableOffset offset) {
    TableOffset.Export export = offset.export();
    return seen instanceof ObservedTable.Preparing preparing
        && (!(offset instanceof TableOffset.ExportSubmitted)
            || export == null
            || preparing.exportAttempt() > export.attempt());
  }

  /**
   * The items of an export have the version of a time before it. So that no item of a table that is
   * created under the same name has a lower version than what the deleted one had, its offsets stay
   * that long.
   */
  private ObservedTable whenChangesAreOld(ObservedTable.Removing removing) {
    long now = context.clock().millis();
    Long since = overSinceMs;
    if (since == null) {
      since = now;
      overSinceMs = now;
      LOG.info("{}: table {} is removed", removing.remove().reason(), name());
    }
    ObservedTable before = latest;
    if (now - since >= config.stream().handoverOverlap().toMillis()) {
      return removing;
    }
    return before == null ? new ObservedTable.Listing(name()) : before;
  }

  private ObservedTable observe(TableOffset offset, @Nullable TableDescription table)
      throws InterruptedException {
    boolean loadsItems = config.snapshot().mode().loadsItems();
    TableOffset.Export export = offset.export();
    if (export == null) {
      boolean ready = !loadsItems && isFollowedWithoutSnapshot(offset);
      return ready ? afterSnapshot(offset, table, NOTHING_DUE) : firstAttempt(offset);
    }
    if (loadsItems && !export.snapshot().equals(config.snapshot().id())) {
      return firstAttempt(offset);
    }
    checkIsTheGivenExport(export);
    if (offset instanceof TableOffset.ExportSubmitted submitted) {
      if (!loadsItems) {
        checkCanBeGivenUp(submitted);
        return firstAttempt(offset);
      }
      return observeSnapshot(submitted, table);
    }
    return afterSnapshot(offset, table, NOTHING_DUE);
  }

  private static boolean isFollowedWithoutSnapshot(TableOffset offset) {
    return !(offset instanceof TableOffset.Held) && offset.registration().start().followed();
  }

  /**
   * Where the stream was followed before, it goes on with or without the snapshot. Otherwise the
   * items that are there already would stay without those that are not.
   */
  private void checkCanBeGivenUp(TableOffset.ExportSubmitted offset) {
    if (!offset.registration().start().followed()) {
      throw new ConnectException(
          "Table %s: snapshot.mode is no_data, but the export %s is only partly loaded. Set it back until the status topic has EXPORT_LOADED, or reset the connector's offsets to follow the stream without a snapshot"
              .formatted(name(), offset.export().arn()));
    }
  }

  private ObservedTable firstAttempt(@Nullable TableOffset offset) {
    if (offset instanceof TableOffset.Held held) {
      phase.in(Phase.EXPORT, held.sinceMs());
    } else if (offset == null || offset instanceof TableOffset.Registered) {
      phase.seen(Phase.REGISTER);
    } else {
      phase.seen(Phase.EXPORT);
    }
    return snapshot.firstAttempt(offset instanceof TableOffset.Held held ? held.attempts() : 0);
  }

  private ObservedTable afterSnapshot(
      TableOffset offset, @Nullable TableDescription table, ObservedTable.Streaming.Due due)
      throws InterruptedException {
    snapshot.over();
    if (config.snapshot().mode() == SnapshotMode.INITIAL_ONLY) {
      phase.seen(Phase.COMPLETED);
      return new ObservedTable.Completed(name(), due.loaded());
    }
    if (offset instanceof TableOffset.InGap gap) {
      if (config.stream().onDataLoss() == LossResponse.REPAIR) {
        return observeGap(gap, table);
      }
      // Somebody has given the repair up.
      return followed(gap.givenUp(), table, ObservedTable.Streaming.Due.loaded(true));
    }
    repair.over();
    return followed(offset, table, due);
  }

  private ObservedTable followed(
      TableOffset offset, @Nullable TableDescription table, ObservedTable.Streaming.Due due)
      throws InterruptedException {
    ObservedTable seen = stream.observe(offset, table, due);
    if (seen instanceof ObservedTable.Holding) {
      phase.seen(Phase.REPAIR);
    } else if (seen instanceof ObservedTable.Preparing again) {
      phase.seen(Phase.EXPORT);
      return snapshot.firstAttempt(again.exportAttempt() - 1);
    } else {
      phase.seen(Phase.STREAM);
    }
    return seen;
  }

  private ObservedTable observeGap(TableOffset.InGap offset, @Nullable TableDescription table)
      throws InterruptedException {
    if (offset instanceof TableOffset.GapFound found) {
      phase.in(Phase.REPAIR, found.sinceMs());
      return repair.afterHold(found, stream, table);
    }
    if (offset instanceof TableOffset.Repairing repairing) {
      RepairObserver.State state = repair.observe(repairing);
      if (state instanceof RepairObserver.State.Under under) {
        phase.in(Phase.REPAIR, repairing.sinceMs());
        return under.table();
      }
      if (state instanceof RepairObserver.State.Done done) {
        return followed(
            done.offset(), table, new ObservedTable.Streaming.Due(false, done.loaded(), null));
      }
    }
    throw new IllegalStateException("Unknown state of a gap " + offset);
  }

  /**
   * Null if the table certainly does not exist any more. Until that is certain, it is taken for as
   * it was last, which is the table that was registered at the first look.
   */
  private @Nullable TableDescription describe(Registration registration)
      throws InterruptedException {
    TableDescription table =
        TableDescription.readIfExists(context.aws().dynamoDb(), context.calls(), config.table());
    if (table != null && !table.id().equals(registration.tableId())) {
      if (removable) {
        return null;
      }
      throw new ConnectException(
          "Table %s was deleted and created again: it has id %s, the connector's offsets are of %s. Reset the connector's offsets to load the new table"
              .formatted(name(), table.id(), registration.tableId()));
    }
    if (table != null) {
      deleted.seen();
      lastDescription = table;
      return table;
    }
    if (deleted.missed(context.clock().millis())) {
      return null;
    }
    LOG.warn(
        "DynamoDB says that table {} does not exist. It is asked again before that is believed",
        name());
    TableDescription last = lastDescription;
    return last != null ? last : asRegistered(registration);
  }

  private TableDescription asRegistered(Registration registration) {
    return new TableDescription(
        name(),
        registration.tableArn(),
        registration.tableId(),
        registration.partitionKey(),
        registration.sortKey(),
        registration.streamArn(),
        null);
  }

  /** An export is chosen once for a snapshot. */
  private void checkIsTheGivenExport(TableOffset.Export export) {
    String given = config.snapshot().exportArn();
    if (given != null && !given.equals(export.arn())) {
      throw new ConnectException(
          "Table %s: export.arn is %s, but the connector's offsets are of export %s. Remove export.arn, or reset the connector's offsets to begin anew with the given one"
              .formatted(name(), given, export.arn()));
    }
  }

  private ObservedTable observeSnapshot(
      TableOffset.ExportSubmitted offset, @Nullable TableDescription table)
      throws InterruptedException {
    ObservedTable observed = snapshot.observe(offset.export());
    if (observed instanceof ObservedTable.Loading loading) {
      if (loading.done()) {
        return afterSnapshot(offset, table, ObservedTable.Streaming.Due.loaded(true));
      }
      if (config.snapshot().mode().followsStream()) {
        stream.warnIfEnded(offset.registration(), table);
      }
      phase.seen(Phase.LOAD);
    } else {
      phase.in(Phase.EXPORT, offset.export().timeMs());
    }
    return observed;
  }

  private String name() {
    return config.table().name();
  }
}
