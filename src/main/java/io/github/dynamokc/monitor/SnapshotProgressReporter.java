package io.github.dynamokc.monitor;

import io.github.dynamokc.export.TimeLeft;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.plan.ObservedFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far the load of one table is, as committed: in metrics, and once a minute in the log.
 * On one thread of the monitor.
 */
final class SnapshotProgressReporter {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotProgressReporter.class);
  private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

  private final String table;
  private final String what;
  private final TableMetrics metrics;
  private final InstantSource clock;
  private @Nullable Instant began;
  private long itemsBefore;
  private Instant nextReport = Instant.MIN;

  /**
   * @param what is loaded, for the log: the snapshot, or what was lost from the stream
   */
  SnapshotProgressReporter(String table, String what, TableMetrics metrics, InstantSource clock) {
    this.table = table;
    this.what = what;
    this.metrics = metrics;
    this.clock = clock;
  }

  void exportFailed() {
    metrics.add(Counter.EXPORT_JOB_FAILURE, 1);
  }

  void exportCompleted() {
    metrics.add(Counter.EXPORT_JOB_SUCCESS, 1);
  }

  /**
   * @param files all of the manifest, with their offsets
   */
  void loaded(List<ObservedFile> files) {
    List<ObservedFile> withItems = files.stream().filter(file -> file.items() > 0).toList();
    long done = withItems.stream().filter(ObservedFile::done).count();
    long items = withItems.stream().mapToLong(ObservedFile::committed).sum();
    long itemsTotal = withItems.stream().mapToLong(ObservedFile::items).sum();
    metrics.set(Counter.EXPORT_S3_OBJECTS_TOTAL, withItems.size());
    metrics.set(Counter.EXPORT_S3_OBJECTS_PROCESSED, done);
    metrics.set(Counter.EXPORT_RECORDS_TOTAL, itemsTotal);
    metrics.set(Counter.EXPORT_RECORDS_PROCESSED, items);
    Instant now = clock.instant();
    if (began == null) {
      began = now;
      itemsBefore = items;
    }
    if (!now.isBefore(nextReport)) {
      nextReport = now.plus(BETWEEN_REPORTS);
      Duration left =
          TimeLeft.of(items - itemsBefore, itemsTotal - itemsBefore, Duration.between(began, now));
      LOG.info(
          "Table {}: {} of {} data files and {} of {} items of {} are committed{}",
          table,
          done,
          withItems.size(),
          items,
          itemsTotal,
          what,
          left == null ? "" : "; at this pace the rest takes " + inWords(left));
    }
  }

  private static String inWords(Duration left) {
    return left.compareTo(Duration.ofMinutes(2)) < 0
        ? left.toSeconds() + " s"
        : left.toMinutes() + " min";
  }
}
