package io.github.dynamokc.export;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.record.TaskOutput;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One task's share of the data files of one export, from which the task's file loaders take one
 * after the other. Thread-safe.
 */
public final class SnapshotLoad {
  /**
   * How many compressed bytes there are at least between two positions from which a half-read file
   * can be read on. Each costs about a millisecond, and 10 KB in Connect's offsets topic when it is
   * committed.
   */
  static final long POSITION_EVERY = 1024 * 1024;

  private final SnapshotContext context;
  private final RetryingCalls calls;
  private final TaskOutput output;
  private final LoadProgress progress;
  private final long positionEvery;
  private final Queue<DataFile> waiting = new ArrayDeque<>();
  private final Map<String, FileOffset> loaded;

  private SnapshotLoad(
      SnapshotContext context,
      RetryingCalls calls,
      TaskOutput output,
      List<DataFile> files,
      Map<String, FileOffset> loaded,
      long positionEvery) {
    this.context = context;
    this.calls = calls;
    this.output = output;
    this.loaded = loaded;
    this.positionEvery = positionEvery;
    this.progress = new LoadProgress(context.metrics(), context.clock());
    waiting.addAll(files);
    progress.begin(files, loaded);
  }

  /**
   * Reads the manifest, and what is committed of the files.
   *
   * @param indexes the files to load, as places in the manifest
   * @throws InterruptedException if the work is stopped
   */
  public static SnapshotLoad open(
      SnapshotContext context,
      RetryingCalls calls,
      TaskOutput output,
      OffsetReader offsets,
      String manifestFilesKey,
      List<Integer> indexes)
      throws InterruptedException {
    return open(context, calls, output, offsets, manifestFilesKey, indexes, POSITION_EVERY);
  }

  /**
   * @param positionEvery how many compressed bytes there are at least between two positions
   */
  static SnapshotLoad open(
      SnapshotContext context,
      RetryingCalls calls,
      TaskOutput output,
      OffsetReader offsets,
      String manifestFilesKey,
      List<Integer> indexes,
      long positionEvery)
      throws InterruptedException {
    List<DataFile> all =
        new ManifestReader(context.bucket(), calls).readFiles(manifestFilesKey).files();
    List<DataFile> mine = indexes.stream().map(all::get).toList();
    Map<String, FileOffset> loaded =
        offsets.files(
            context.export().table(),
            context.export().exportArn(),
            mine.stream().map(DataFile::key).toList());
    return new SnapshotLoad(context, calls, output, mine, loaded, positionEvery);
  }

  /**
   * Loads a file that no other thread has taken, on the caller's thread.
   *
   * @return false if there was none
   * @throws InterruptedException if the work is stopped
   */
  public boolean loadNext() throws InterruptedException {
    DataFile file = next();
    if (file == null) {
      return false;
    }
    FileOffset offset = loaded.getOrDefault(file.key(), new FileOffset(0, false));
    new DataFileLoader(context, calls, output, progress, positionEvery).load(file, offset);
    return true;
  }

  private synchronized @Nullable DataFile next() {
    DataFile file = waiting.poll();
    while (file != null && isLoaded(file)) {
      file = waiting.poll();
    }
    return file;
  }

  private boolean isLoaded(DataFile file) {
    FileOffset offset = loaded.get(file.key());
    return offset != null && offset.done();
  }
}
