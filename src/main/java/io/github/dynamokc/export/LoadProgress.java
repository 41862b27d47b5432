package io.github.dynamokc.export;

import io.github.dynamokc.export.Manifest.DataFile;
import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.FileOffset;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far one task is with its share of a snapshot, since its start: what earlier runs committed is
 * no part of it. For all threads that load the share.
 */
final class LoadProgress {
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(30);

  private final TableMetrics metrics;
  private final InstantSource clock;
  private Instant began = Instant.MAX;
  private Instant nextReport = Instant.MAX;
  private long files;
  private long filesTotal;
  private long items;
  private long itemsTotal;
  private long bytes;

  LoadProgress(TableMetrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Takes in what is to be loaded: all files but those that are done. */
  synchronized void begin(Collection<DataFile> share, Map<String, FileOffset> offsets) {
    for (DataFile file : share) {
      FileOffset offset = offsets.get(file.key());
      if (offset == null || !offset.done()) {
        filesTotal++;
        itemsTotal += file.items() - (offset == null ? 0 : offset.items());
      }
    }
    metrics.add(Counter.EXPORT_S3_OBJECTS_TOTAL, filesTotal);
    metrics.add(Counter.EXPORT_RECORDS_TOTAL, itemsTotal);
    began = clock.instant();
    nextReport = began.plus(BETWEEN_REPORTS);
  }

  void fileOpened() {
    metrics.adjust(Gauge.ACTIVE_EXPORT_S3_OBJECT_CONSUMERS, 1);
  }

  void fileClosed() {
    metrics.adjust(Gauge.ACTIVE_EXPORT_S3_OBJECT_CONSUMERS, -1);
  }

  /**
   * Some of a file was handed over.
   *
   * @param records how many items became records
   * @param receivedBytes compressed
   * @param processedBytes of the items' lines
   */
  synchronized void handedOver(int records, long receivedBytes, long processedBytes) {
    items += records;
    bytes += processedBytes;
    metrics.happened(Gauge.MILLIS_SINCE_LAST_EVENT, clock);
    metrics.add(Counter.EXPORT_RECORDS_PROCESSED, records);
    metrics.add(Counter.BYTES_RECEIVED, receivedBytes);
    metrics.add(Counter.BYTES_PROCESSED, processedBytes);
  }

  /** An item could not be converted. */
  synchronized void failed() {
    items++;
    metrics.add(Counter.EXPORT_RECORD_PROCESSING_ERRORS, 1);
  }

  synchronized void fileLoaded() {
    files++;
    metrics.add(Counter.EXPORT_S3_OBJECTS_PROCESSED, 1);
  }

  /** Whether a report is due; says so to one thread only. */
  synchronized boolean isReportDue() {
    Instant now = clock.instant();
    if (now.isBefore(nextReport)) {
      return false;
    }
    nextReport = now.plus(BETWEEN_REPORTS);
    return true;
  }

  /**
   * For a status record: {@code files} and {@code items} loaded of {@code filesTotal} and {@code
   * itemsTotal}, uncompressed {@code bytes}, and {@code millisLeft} if that can be told.
   */
  synchronized Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("files", files);
    report.put("filesTotal", filesTotal);
    report.put("items", items);
    report.put("itemsTotal", itemsTotal);
    report.put("bytes", bytes);
    Duration left = TimeLeft.of(items, itemsTotal, Duration.between(began, clock.instant()));
    if (left != null) {
      report.put("millisLeft", left.toMillis());
    }
    return report;
  }
}
