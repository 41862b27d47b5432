package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.ConnectorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the pages say nothing that is not there: links, messages, keys. */
class DocumentationTest {
  private static final Path PAGES = Path.of("src", "main", "doc");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(PAGES)) {
      return Stream.concat(Stream.of(Path.of("README.md")), pages.sorted().toList().stream());
    }
  }

  /** Those for contributors too, which are not in the archive. */
  static Stream<Path> allPages() throws IOException {
    try (Stream<Path> decisions = Files.list(Path.of("src", "doc", "decisions"))) {
      return Stream.of(
              pages().toList(),
              Stream.of("CONTRIBUTING.md", "SECURITY.md").map(Path::of).toList(),
              decisions.sorted().toList())
          .flatMap(List::stream);
    }
  }

  @ParameterizedTest
  @MethodSource("allPages")
  void linksLeadToFilesAndHeadings(Path page) throws IOException {
    for (String link : links(page)) {
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
      assertThat(target).as("%s in %s", link, page).exists();
      if (parts.length > 1) {
        assertThat(anchors(target)).as("%s in %s", link, page).contains(parts[1]);
      }
    }
  }

  private static List<String> links(Path page) throws IOException {
    return LINK.matcher(Files.readString(page))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.startsWith("http"))
        .toList();
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}\\- _]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void everyPageCanBeFoundFromTheReadme() throws IOException {
    List<String> links = links(Path.of("README.md"));
    assertThat(pages().skip(1).map(page -> page.toString().replace('\\', '/')))
        .isNotEmpty()
        .allMatch(page -> links.stream().anyMatch(link -> link.startsWith(page)));
  }

  @Test
  void theExplainedMessagesAreThoseOfTheCode() throws IOException {
    String code = textsOfTheCode();
    String page = Files.readString(PAGES.resolve("troubleshooting.md"));
    String ours = page.substring(0, page.indexOf("## Messages of Connect itself"));
    List<String> messages = new ArrayList<>();
    for (List<String> row : rows(ours)) {
      CODE.matcher(row.get(0)).results().map(message -> message.group(1)).forEach(messages::add);
    }
    assertThat(messages).hasSizeGreaterThan(30);
    for (String message : messages) {
      for (String part : message.split("…")) {
        assertThat(code).as("the message '%s'", message).contains(part.strip());
      }
    }
  }

  /** The string literals of the code, with those that are joined as one. */
  private static String textsOfTheCode() throws IOException {
    StringBuilder texts = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String joined = Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
        Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"")
            .matcher(joined)
            .results()
            .map((MatchResult literal) -> literal.group(1))
            .forEach(literal -> texts.append(literal).append('\n'));
      }
    }
    return texts.toString();
  }

  /** The cells of the tables' rows, without heads. */
  private static List<List<String>> rows(String page) {
    return page.lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> List.of(line.substring(1).split("\\|")))
        .toList();
  }

  @Test
  void theKeysOfTheMigrationPageExist() throws IOException {
    Set<String> keys = ConnectorConfig.definition().names();
    List<String> named = new ArrayList<>();
    for (List<String> row : rows(Files.readString(PAGES.resolve("migration.md")))) {
      CODE.matcher(row.get(1))
          .results()
          .map(code -> code.group(1).replaceFirst("=.*", "").replaceFirst("^table\\.<name>\\.", ""))
          .filter(code -> code.matches("[a-z0-9]+(\\.[a-z0-9]+)+"))
          .filter(code -> !code.startsWith("io.github."))
          .forEach(named::add);
    }
    assertThat(named).hasSizeGreaterThan(20);
    named.removeAll(List.of("tasks.max", "value.converter"));
    assertThat(keys).containsAll(named);
  }
}
