package io.github.dynamokc.plan;

import io.github.dynamokc.lineage.ObservedShard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be done for a table, from its offsets and from what AWS says of it. */
public sealed interface ObservedTable {
  /** The table's name. */
  String table();

  /**
   * The table is to be registered, and if a snapshot is wanted, its export to be submitted or
   * waited for.
   *
   * @param exportAttempt the attempt that is due: 1, or one more than the attempt that failed
   */
  record Preparing(String table, long exportAttempt) implements ObservedTable {}

  /**
   * The export is there; its data files are to be loaded.
   *
   * @param files in the manifest's order: their place in the list is their index
   */
  record Loading(String table, ExportFiles export, List<ObservedFile> files)
      implements ObservedTable {
    public Loading {
      files = List.copyOf(files);
    }

    /** Whether every file with items is committed as done: invariant B asks for no less. */
    public boolean done() {
      return files.stream().noneMatch(ObservedFile::unfinished);
    }
  }

  /**
   * The stream is to be followed.
   *
   * @param stream the stream's ARN
   * @param shards its listing
   * @param announceLoaded whether {@code EXPORT_LOADED} is still to be committed
   * @param replaces the ARN of the ended stream that the table's offset still names, null if the
   *     offset names {@code stream}
   */
  record Streaming(
      String table,
      String stream,
      List<ObservedShard> shards,
      boolean announceLoaded,
      @Nullable String replaces)
      implements ObservedTable {
    public Streaming {
      shards = List.copyOf(shards);
    }
  }

  /** The snapshot is loaded and nothing else is wanted. */
  record Completed(String table, boolean announceLoaded) implements ObservedTable {}
}
