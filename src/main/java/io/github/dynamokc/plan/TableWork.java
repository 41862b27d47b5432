package io.github.dynamokc.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.offset.ExportWindow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task's share of the work on one table. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "work")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TableWork.Prepare.class, name = "prepare"),
  @JsonSubTypes.Type(value = TableWork.LoadFiles.class, name = "load"),
  @JsonSubTypes.Type(value = TableWork.AwaitListing.class, name = "list"),
  @JsonSubTypes.Type(value = TableWork.ReadShards.class, name = "stream"),
  @JsonSubTypes.Type(value = TableWork.HoldStream.class, name = "hold"),
  @JsonSubTypes.Type(value = TableWork.ExportGap.class, name = "repair"),
  @JsonSubTypes.Type(value = TableWork.Complete.class, name = "complete"),
  @JsonSubTypes.Type(value = TableWork.Park.class, name = "park"),
  @JsonSubTypes.Type(value = TableWork.Remove.class, name = "remove")
})
public sealed interface TableWork {
  /** The table's name. */
  String table();

  /** Calls the method of a handler that is for this kind of work. */
  void dispatch(Handler handler);

  /** What is done about each kind of work. */
  interface Handler {
    void prepare(Prepare work);

    void loadFiles(LoadFiles work);

    void awaitListing(AwaitListing work);

    void readShards(ReadShards work);

    void holdStream(HoldStream work);

    void exportGap(ExportGap work);

    void complete(Complete work);

    void park(Park work);

    void remove(Remove work);
  }

  /** Register the table and, if a snapshot is wanted, submit its export; in one task only. */
  record Prepare(String table, long exportAttempt) implements TableWork {
    @Override
    public void dispatch(Handler handler) {
      handler.prepare(this);
    }
  }

  /** Load some of the data files of an export. */
  record LoadFiles(String table, ExportFiles export, IndexRanges files) implements TableWork {
    @Override
    public void dispatch(Handler handler) {
      handler.loadFiles(this);
    }
  }

  /** Nothing yet: the connector is listing the stream. */
  record AwaitListing(String table) implements TableWork {
    @Override
    public void dispatch(Handler handler) {
      handler.awaitListing(this);
    }
  }

  /**
   * Read some shards and all their descendants.
   *
   * @param retire finished shards of earlier plans whose offsets are to be retired when no task
   *     needs them any more
   * @param announceLoaded whether this task commits {@code EXPORT_LOADED}; one task of a table does
   * @param replaces set if the stream takes the place of one that has ended, and the table's offset
   *     does not say so yet
   * @param listAfter the shard up to which there is nothing to do in the stream's listing; null if
   *     that is not worth to be known
   * @param repairedUpTo up to when the table's last gap is repaired, epoch ms; null without one. A
   *     task that finds another one committed does not read: its assignment is an old one
   * @param announceRepaired set if this task commits {@code GAP_REPAIRED}; one task of a table does
   * @param lacksLineages true if it was not clear of some shards whether they are read, so that the
   *     plan may lack some; null otherwise
   */
  record ReadShards(
      String table,
      String stream,
      List<AssignedShard> shards,
      List<String> retire,
      boolean announceLoaded,
      @Nullable Replacement replaces,
      @Nullable String listAfter,
      @Nullable Long repairedUpTo,
      @Nullable LoadedChanges announceRepaired,
      @Nullable Boolean lacksLineages)
      implements TableWork {
    public ReadShards {
      shards = List.copyOf(shards);
      retire = List.copyOf(retire);
    }

    /** Of a stream without gaps. */
    public ReadShards(
        String table,
        String stream,
        List<AssignedShard> shards,
        List<String> retire,
        boolean announceLoaded,
        @Nullable Replacement replaces,
        @Nullable String listAfter) {
      this(table, stream, shards, retire, announceLoaded, replaces, listAfter, null, null, null);
    }

    @Override
    public void dispatch(Handler handler) {
      handler.readShards(this);
    }
  }

  /**
   * The change from a stream that was disabled to the one that was enabled after it. What happened
   * in between is in neither.
   *
   * @param stream the ARN of the stream that has ended and was read to its end
   * @param announce whether this task commits the change as {@code DATA_LOSS}; one of a table does
   * @param version the highest document version of the stream that has ended
   * @param readUpTo up to when all of it was read, epoch ms
   */
  record Replacement(String stream, boolean announce, long version, long readUpTo) {}

  /**
   * What was loaded in place of lost changes.
   *
   * @param items how many items had changed
   * @param deletions how many of them were deleted
   */
  record LoadedChanges(long items, long deletions) {}

  /**
   * Commit {@code GAP_FOUND}, and what is due before it, so that nothing more of the stream is
   * read; in one task only.
   *
   * @param stream the ARN of the stream that changes are lost from
   * @param gap what is lost
   * @param announceLoaded whether {@code EXPORT_LOADED} is to be committed before
   * @param repairedUpTo as for {@link ReadShards}
   * @param announceRepaired as for {@link ReadShards}
   */
  record HoldStream(
      String table,
      String stream,
      Gap gap,
      boolean announceLoaded,
      @Nullable Long repairedUpTo,
      @Nullable LoadedChanges announceRepaired)
      implements TableWork {
    @Override
    public void dispatch(Handler handler) {
      handler.holdStream(this);
    }
  }

  /**
   * Changes that are lost from a stream.
   *
   * @param reason why, in words for the user
   * @param shards of how many shards
   * @param from since when some are missing, epoch ms
   * @param fromStart whether there may be lineages that nothing is committed of, so that the gap
   *     begins where the stream did
   * @param next the stream that took the place of the one that has ended; null if it has not
   * @param version as of {@link Replacement}
   * @param endedReadUpTo up to when each lineage of the ended stream was read, epoch ms
   */
  record Gap(
      String reason,
      int shards,
      long from,
      boolean fromStart,
      @Nullable String next,
      long version,
      List<Long> endedReadUpTo) {
    public Gap {
      endedReadUpTo = List.copyOf(endedReadUpTo);
    }
  }

  /**
   * Have the windows of a gap exported; in one task only.
   *
   * @param heldSince since when the stream is held for it, epoch ms
   * @param lostUpTo lineages that were read up to later, epoch ms, have lost nothing
   * @param windows in the order in which they are loaded
   * @param mayRemain what the windows cannot tell, in words for the user; null for nothing
   * @param failed the ARNs of exports that came to nothing, whose windows are exported again
   */
  record ExportGap(
      String table,
      long heldSince,
      long lostUpTo,
      List<ExportWindow> windows,
      @Nullable String mayRemain,
      List<String> failed)
      implements TableWork {
    public ExportGap {
      windows = List.copyOf(windows);
      failed = List.copyOf(failed);
    }

    @Override
    public void dispatch(Handler handler) {
      handler.exportGap(this);
    }
  }

  /** Nothing but to commit {@code EXPORT_LOADED} if that is due; in one task only. */
  record Complete(String table, boolean announceLoaded) implements TableWork {
    @Override
    public void dispatch(Handler handler) {
      handler.complete(this);
    }
  }

  /**
   * Nothing but to tell that the table has failed, until it goes on; in one task only.
   *
   * @param since when it failed, epoch ms
   * @param reason in words for the user
   */
  record Park(String table, long since, String reason) implements TableWork {
    @Override
    public void dispatch(Handler handler) {
      handler.park(this);
    }
  }

  /**
   * Take the offsets away of a table that is deleted, as nothing of it is left to do; in one task
   * only.
   *
   * @param tableId of the table that is deleted: another one may have its name by now
   * @param reason what became of it, in words for the user
   */
  record Remove(String table, String tableId, String reason) implements TableWork {
    @Override
    public void dispatch(Handler handler) {
      handler.remove(this);
    }
  }
}
