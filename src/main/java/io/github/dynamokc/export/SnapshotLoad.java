package io.github.dynamokc.export;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.record.TaskOutput;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** One task's share of the data files of one export, loaded by several threads side by side. */
public final class SnapshotLoad {
  private final SnapshotContext context;
  private final RetryingCalls calls;
  private final TaskOutput output;

  public SnapshotLoad(SnapshotContext context, RetryingCalls calls, TaskOutput output) {
    this.context = context;
    this.calls = calls;
    this.output = output;
  }

  /**
   * The work of each thread. The first to start reads the manifest.
   *
   * @param indexes the files to load, as places in the manifest
   */
  public TaskOutput.Work workOfEachThread(
      String manifestFilesKey, List<Integer> indexes, OffsetReader offsets) {
    Files files = new Files(manifestFilesKey, indexes, offsets);
    LoadProgress progress = new LoadProgress(context.metrics(), context.clock());
    return () -> {
      Map<String, FileOffset> loaded = files.offsets(progress);
      DataFileLoader loader = new DataFileLoader(context, calls, output, progress);
      for (DataFile file = files.next(); file != null; file = files.next()) {
        FileOffset offset = loaded.get(file.key());
        if (offset == null || !offset.done()) {
          loader.load(file, offset == null ? 0 : offset.items());
        }
      }
    };
  }

  /** The files that no thread has taken yet. */
  private final class Files {
    private final String manifestFilesKey;
    private final List<Integer> indexes;
    private final OffsetReader offsetReader;
    private final Queue<DataFile> waiting = new ConcurrentLinkedQueue<>();
    private @Nullable Map<String, FileOffset> loaded;

    private Files(String manifestFilesKey, List<Integer> indexes, OffsetReader offsetReader) {
      this.manifestFilesKey = manifestFilesKey;
      this.indexes = indexes;
      this.offsetReader = offsetReader;
    }

    synchronized Map<String, FileOffset> offsets(LoadProgress progress)
        throws InterruptedException {
      if (loaded == null) {
        List<DataFile> all =
            new ManifestReader(context.bucket(), calls).readFiles(manifestFilesKey).files();
        List<DataFile> mine = indexes.stream().map(all::get).toList();
        loaded =
            offsetReader.files(
                context.export().table(),
                context.export().arn(),
                mine.stream().map(DataFile::key).toList());
        waiting.addAll(mine);
        progress.begin(mine, loaded);
      }
      return loaded;
    }

    @Nullable DataFile next() {
      return waiting.poll();
    }
  }
}
