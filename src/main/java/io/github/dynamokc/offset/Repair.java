package io.github.dynamokc.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be loaded in place of lost changes.
 *
 * @param lostUpToMs lineages that are read up to later, epoch ms, have lost nothing
 * @param windows in the order in which they are loaded, at least one
 * @param mayRemain what the windows cannot tell, in words for the user; null for nothing
 */
public record Repair(long lostUpToMs, List<WindowExport> windows, @Nullable String mayRemain) {
  public Repair {
    windows = List.copyOf(windows);
  }

  /** The end of the gap, epoch ms: earlier changes are in the windows. */
  public long endMs() {
    return windows.stream().mapToLong(window -> window.window().toMs()).max().orElseThrow();
  }

  /** Its beginning, epoch ms. */
  public long fromMs() {
    return windows.stream().mapToLong(window -> window.window().fromMs()).min().orElseThrow();
  }

  /**
   * A window with its export.
   *
   * @param attempt how many exports of it were asked for
   * @param exportArn the last one's, null before there is one
   */
  public record WindowExport(ExportWindow window, long attempt, @Nullable String exportArn) {
    /** A window that is not exported yet. */
    public static WindowExport of(ExportWindow window) {
      return new WindowExport(window, 0, null);
    }

    WindowExport submitted(String arn) {
      return new WindowExport(window, attempt + 1, arn);
    }

    /** A line for each: from and to in epoch ms, the attempt, and the ARN, which has no blanks. */
    static String write(List<WindowExport> windows) {
      return windows.stream()
          .map(
              export ->
                  export.window.fromMs()
                      + " "
                      + export.window.toMs()
                      + " "
                      + export.attempt
                      + (export.exportArn == null ? "" : " " + export.exportArn))
          .collect(Collectors.joining("\n"));
    }

    static List<WindowExport> read(OffsetMap.Reader reader) {
      String text = reader.string(TableOffset.Keys.WINDOWS);
      List<WindowExport> windows = new ArrayList<>();
      for (String line : text.lines().toList()) {
        String[] words = line.split(" ", -1);
        try {
          windows.add(
              new WindowExport(
                  new ExportWindow(Long.parseLong(words[0]), Long.parseLong(words[1])),
                  Long.parseLong(words[2]),
                  words.length > 3 ? words[3] : null));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
          throw notWindows(reader, line, e);
        }
      }
      if (windows.isEmpty()) {
        throw notWindows(reader, text, null);
      }
      return windows;
    }

    private static MalformedOffsetException notWindows(
        OffsetMap.Reader reader, String text, @Nullable Exception cause) {
      MalformedOffsetException wrong =
          reader.wrongType(
              TableOffset.Keys.WINDOWS,
              text,
              "lines of from, to (epoch ms), attempt and an export's ARN");
      if (cause != null) {
        wrong.initCause(cause);
      }
      return wrong;
    }
  }
}
