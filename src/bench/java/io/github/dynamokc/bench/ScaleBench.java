package io.github.dynamokc.bench;

import io.github.dynamokc.testing.JvmHeap;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.util.List;
import java.util.Map;

/**
 * Whether the size of an export, files at a time or tasks change its speed or the heap it takes.
 */
final class ScaleBench implements Benchmark {
  private static final int FILES = 8;
  private static final int USUAL_CONCURRENCY = 4;

  /** Of the exports whose files and tasks are varied, in megabytes. */
  private static final int USUAL_SIZE = 100;

  private final List<Integer> sizes = numbers("bench.scale.mb", "10,100,1000,4000");
  private final List<Integer> concurrency = numbers("bench.scale.concurrency", "1,2,4,8");
  private final List<Integer> tasks = numbers("bench.scale.tasks", "1,2,4");

  private static List<Integer> numbers(String name, String ifMissing) {
    return Settings.list(name, ifMissing).stream().map(Integer::valueOf).toList();
  }

  @Override
  public void run(Lab lab) throws InterruptedException {
    lab.title("scale: exports of %s MB in %d files", sizes, FILES);
    try (EmbeddedAws aws =
            EmbeddedAws.start(WorkDirectory.empty(lab.directory().resolve("aws-scale")));
        ConnectWorker worker = lab.worker("bench-scale", Lab.USUAL_HEAP)) {
      StoredExport usual = export(aws, USUAL_SIZE);
      for (int round = 0; round < 2; round++) {
        speed(lab, worker, usual, "warm-up-" + round, 1, USUAL_CONCURRENCY);
      }
      for (int size : sizes) {
        StoredExport export = size == USUAL_SIZE ? usual : export(aws, size);
        measure(lab, worker, export, "size-" + size, 1, USUAL_CONCURRENCY);
      }
      for (int files : concurrency) {
        measure(lab, worker, usual, "files-" + files, 1, files);
      }
      for (int count : tasks) {
        measure(lab, worker, usual, "tasks-" + count, count, USUAL_CONCURRENCY);
      }
    }
  }

  /** A member has about a megabyte, and each file at least one. */
  private static StoredExport export(EmbeddedAws aws, int megabytes) {
    return new StoredExport(aws, "scale-" + megabytes, FILES, Math.max(1, megabytes / FILES));
  }

  private static void measure(
      Lab lab, ConnectWorker worker, StoredExport export, String name, int tasks, int files)
      throws InterruptedException {
    double speed = speed(lab, worker, export, name, tasks, files);
    lab.line(
        "%,9d items, %d task(s), %d file(s) at a time: %,7.0f items/s, heap in the middle %4.0f MB",
        export.items(),
        tasks,
        files,
        speed,
        heap(lab, worker, export, name + "-heap", tasks, files));
  }

  private static double speed(
      Lab lab, ConnectWorker worker, StoredExport export, String name, int tasks, int files)
      throws InterruptedException {
    try (Load load = start(lab, worker, export, name, tasks, files)) {
      return load.awaitRecords(export.items());
    }
  }

  /** In a load of its own, as a collection takes time. */
  private static double heap(
      Lab lab, ConnectWorker worker, StoredExport export, String name, int tasks, int files)
      throws InterruptedException {
    try (Load load = start(lab, worker, export, name, tasks, files)) {
      load.awaitAtLeast(export.items() / 2);
      return JvmHeap.usedAfterCollection(worker.pid());
    }
  }

  private static Load start(
      Lab lab, ConnectWorker worker, StoredExport export, String name, int tasks, int files)
      throws InterruptedException {
    Map<String, String> config = export.config(name, tasks);
    config.put("export.file.concurrency", Integer.toString(files));
    return Load.start(lab, worker, name, config);
  }
}
