package io.github.dynamokc.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The security advisories that the repository keeps a list of, {@code .ci/advisories.csv}. */
public final class Advisories {
  private static final Path LIST = Path.of(".ci", "advisories.csv");
  private static final Set<String> SEVERITIES = Set.of("Low", "Moderate", "High", "Critical");
  private static final Pattern BOUND = Pattern.compile("(>=|<)(\\S+)");
  private static final int COLUMNS = 6;

  private Advisories() {}

  /**
   * @param library group and artifact, with a colon between
   * @param affected ranges of versions
   * @param id what to look for
   * @param severity as the advisory says
   * @param source where it is
   * @param argument why it does not concern the connector, empty for none
   */
  public record Advisory(
      String library, String affected, String id, String severity, String source, String argument) {

    /** Whether a version is in one of the ranges. */
    public boolean affects(String version) {
      return Arrays.stream(affected.split("\\|")).anyMatch(range -> isIn(version, range));
    }

    /** Whether a release of ours must not bring it. */
    public boolean isPressing() {
      return (severity.equals("High") || severity.equals("Critical")) && argument.isEmpty();
    }
  }

  /** All of the list, whose form is checked. */
  public static List<Advisory> all() throws IOException {
    List<Advisory> advisories = new ArrayList<>();
    for (String line : Files.readAllLines(LIST)) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] columns = line.split(";", -1);
      if (columns.length != COLUMNS
          || !SEVERITIES.contains(columns[3].strip())
          || !columns[4].strip().startsWith("https://")) {
        throw new IOException(LIST + " has a line of another form: " + line);
      }
      advisories.add(
          new Advisory(
              columns[0].strip(),
              columns[1].strip(),
              columns[2].strip(),
              columns[3].strip(),
              columns[4].strip(),
              columns[5].strip()));
    }
    return advisories;
  }

  private static boolean isIn(String version, String range) {
    Matcher bounds = BOUND.matcher(range);
    boolean in = true;
    while (bounds.find()) {
      int compared = compare(version, bounds.group(2));
      in &= bounds.group(1).equals("<") ? compared < 0 : compared >= 0;
    }
    return in;
  }

  /** By numbers; a version with a word after its numbers comes before the one without. */
  private static int compare(String one, String other) {
    String[] left = one.split("-", 2);
    String[] right = other.split("-", 2);
    int numbers = Arrays.compare(numbers(left[0]), numbers(right[0]));
    return numbers != 0 ? numbers : Integer.compare(right.length, left.length);
  }

  private static int[] numbers(String version) {
    int[] numbers = new int[4];
    String[] parts = version.split("\\.");
    for (int i = 0; i < Math.min(numbers.length, parts.length); i++) {
      numbers[i] = Integer.parseInt(parts[i]);
    }
    return numbers;
  }
}
