package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What of a table an export holds, and what its description and its manifest say of that. */
sealed interface ExportKind {
  DateTimeFormatter ISO_MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** As in {@code FULL_EXPORT}. */
  String type();

  /** Adds to the description in the answers of ExportTableToPointInTime and DescribeExport. */
  void describe(ObjectNode description);

  /** Adds to {@code manifest-summary.json}. */
  void summarize(ObjectNode summary);

  /** The version of {@code manifest-summary.json}. */
  String summaryVersion();

  /**
   * Where the data files are.
   *
   * @param folder {@code prefix/AWSDynamoDB/}
   * @param exportId a folder of its own in that
   */
  String dataFolder(String folder, String exportId);

  /** What is paid for. */
  long billedSizeBytes(long textBytes);

  /** All items as they were at a time. */
  record Full(Instant exportTime) implements ExportKind {
    @Override
    public String type() {
      return "FULL_EXPORT";
    }

    @Override
    public void describe(ObjectNode description) {
      description.put("ExportTime", AwsJson.timestamp(exportTime));
    }

    @Override
    public void summarize(ObjectNode summary) {
      summary.put("exportTime", ISO_MILLIS.format(exportTime));
    }

    @Override
    public String summaryVersion() {
      return "2020-06-30";
    }

    @Override
    public String dataFolder(String folder, String exportId) {
      return folder + exportId + "/data/";
    }

    @Override
    public long billedSizeBytes(long textBytes) {
      return textBytes;
    }
  }

  /**
   * The net changes of a window of time.
   *
   * @param from the first second of the window
   * @param to the first one behind it
   * @param view NEW_AND_OLD_IMAGES or NEW_IMAGE
   */
  record Incremental(Instant from, Instant to, String view) implements ExportKind {
    private static final long LEAST_BILLED = 10L << 20;

    boolean hasOldImages() {
      return view.equals("NEW_AND_OLD_IMAGES");
    }

    @Override
    public String type() {
      return "INCREMENTAL_EXPORT";
    }

    @Override
    public void describe(ObjectNode description) {
      description
          .putObject("IncrementalExportSpecification")
          .put("ExportFromTime", AwsJson.timestamp(from))
          .put("ExportToTime", AwsJson.timestamp(to))
          .put("ExportViewType", view);
    }

    @Override
    public void summarize(ObjectNode summary) {
      summary
          .put("exportFromTime", ISO_MILLIS.format(from))
          .put("exportToTime", ISO_MILLIS.format(to))
          .put("outputView", view)
          .put("exportType", type());
    }

    @Override
    public String summaryVersion() {
      return "2023-08-01";
    }

    /** All incremental exports to a prefix share one. */
    @Override
    public String dataFolder(String folder, String exportId) {
      return folder + "data/";
    }

    @Override
    public long billedSizeBytes(long textBytes) {
      return Math.max(LEAST_BILLED, textBytes);
    }
  }
}
