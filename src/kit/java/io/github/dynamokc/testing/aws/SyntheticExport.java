package io.github.dynamokc.testing.aws;

import java.time.Instant;
import java.util.List;

/** What the next export of a table shall hold instead of the table's items. */
public record SyntheticExport(Instant exportTime, List<DataFile> files) {
  public SyntheticExport {
    files = List.copyOf(files);
  }

  /** Files of whole lines, without a line end, as in {@code {"Item":{"pk":{"N":"1E+2"}}}}. */
  public static SyntheticExport ofLines(Instant exportTime, List<List<String>> linesPerFile) {
    return new SyntheticExport(exportTime, linesPerFile.stream().map(DataFile::of).toList());
  }
}
