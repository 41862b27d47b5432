package io.github.dynamokc.bench;

import io.github.dynamokc.export.CountedObjects;
import io.github.dynamokc.export.RestartedLoad;

/**
 * How much of a large data file is read from S3 if the task that loads it is restarted meanwhile,
 * over what the file has: with the position in the offset, and without.
 */
final class RestartBench implements Benchmark {
  private static final long MEGABYTE = 1024 * 1024;

  /** How many lines of {@link ExportItems} gzip makes a megabyte of, about. */
  private static final int LINES_A_MEGABYTE = 4_000;

  private final int size = Settings.number("bench.restart.mb", 200);

  @Override
  public void run(Lab lab) throws InterruptedException {
    int items = size * LINES_A_MEGABYTE;
    byte[] file = ExportItems.gzip(0, items);
    lab.title(
        "restart: a data file of %,d items, %,d MB, one gzip member",
        items, file.length / MEGABYTE);
    for (String every : Settings.list("bench.restart.every.mb", "5,20,60")) {
      for (boolean positions : new boolean[] {true, false}) {
        CountedObjects s3 = new CountedObjects(file, items);
        long began = System.nanoTime();
        int starts = new RestartedLoad(s3, positions).run(Long.parseLong(every) * MEGABYTE);
        lab.line(
            "a restart each %3s MB %-17s  %3d starts, bytes read over bytes of the file %.3f, %,.1f s",
            every,
            positions ? "" : "without positions",
            starts,
            (double) s3.read() / file.length,
            (System.nanoTime() - began) / 1e9);
      }
    }
  }
}
