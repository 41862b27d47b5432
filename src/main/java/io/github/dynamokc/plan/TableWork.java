package io.github.dynamokc.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.dynamokc.lineage.AssignedShard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task's share of the work on one table. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "work")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TableWork.Prepare.class, name = "prepare"),
  @JsonSubTypes.Type(value = TableWork.LoadFiles.class, name = "load"),
  @JsonSubTypes.Type(value = TableWork.AwaitListing.class, name = "list"),
  @JsonSubTypes.Type(value = TableWork.ReadShards.class, name = "stream"),
  @JsonSubTypes.Type(value = TableWork.Complete.class, name = "complete")
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

    void complete(Complete work);
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
   */
  record ReadShards(
      String table,
      String stream,
      List<AssignedShard> shards,
      List<String> retire,
      boolean announceLoaded,
      @Nullable Replacement replaces,
      @Nullable String listAfter)
      implements TableWork {
    public ReadShards {
      shards = List.copyOf(shards);
      retire = List.copyOf(retire);
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

  /** Nothing but to commit {@code EXPORT_LOADED} if that is due; in one task only. */
  record Complete(String table, boolean announceLoaded) implements TableWork {
    @Override
    public void dispatch(Handler handler) {
      handler.complete(this);
    }
  }
}
