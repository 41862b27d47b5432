package io.github.dynamokc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarInputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The archive that users install: its layout, and that it brings nothing the worker has already.
 */
@Tag("core")
class PluginArchiveIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ARCHIVE = Path.of(System.getProperty("plugin.archive"));

  private static final Pattern UNWANTED =
      Pattern.compile(
          ".*!(org/apache/kafka/|org/slf4j/|io/netty/|software/amazon/awssdk/crt/|org/junit/"
              + "|org/jspecify/).*|.*\\.(so|dylib|dll|jnilib)");

  /** The files by name, without the top folder. */
  private static final Map<String, byte[]> FILES = new TreeMap<>();

  private static final List<String> TOP_FOLDERS = new ArrayList<>();

  @BeforeAll
  static void readArchive() throws IOException {
    try (ZipFile zip = new ZipFile(ARCHIVE.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        int slash = entry.getName().indexOf('/');
        TOP_FOLDERS.add(entry.getName().substring(0, slash));
        if (!entry.isDirectory()) {
          try (InputStream content = zip.getInputStream(entry)) {
            FILES.put(entry.getName().substring(slash + 1), content.readAllBytes());
          }
        }
      }
    }
  }

  @Test
  void everythingIsInAFolderNamedLikeTheArchive() {
    String name = ARCHIVE.getFileName().toString().replaceFirst("\\.zip$", "");

    assertThat(TOP_FOLDERS).isNotEmpty().containsOnly(name);
  }

  @Test
  void theFoldersAreThoseOfConfluentHub() {
    assertThat(FILES.keySet().stream().map(name -> name.replaceFirst("/.*", "/")).distinct())
        .containsExactlyInAnyOrder("assets/", "doc/", "etc/", "lib/", "manifest.json");
    assertThat(FILES)
        .containsKeys("doc/LICENSE", "doc/NOTICE", "doc/CHANGELOG.md", "assets/logo.svg")
        .containsKeys("doc/README.md", "doc/iam.md", "doc/monitoring.md")
        .containsKeys("etc/iam/snapshot-and-stream.json", "etc/monitoring/jmx-exporter.yaml")
        .containsKeys("etc/connect-distributed.properties", "etc/connect-standalone.properties")
        .containsKeys("etc/dynamodb-source.json", "etc/dynamodb-source.properties");
  }

  @Test
  void theLinksOfThePagesLeadToFilesOfTheArchive() {
    List<String> pages =
        FILES.keySet().stream().filter(name -> name.matches("doc/[^/]+\\.md")).toList();
    assertThat(pages).hasSizeGreaterThan(5).contains("doc/README.md", "doc/monitoring.md");
    for (String page : pages) {
      Pattern.compile("\\]\\(([^)#\\s]+)[^)]*\\)")
          .matcher(new String(FILES.get(page), StandardCharsets.UTF_8))
          .results()
          .map(link -> link.group(1))
          .filter(link -> !link.startsWith("https://"))
          .map(link -> Path.of("doc").resolve(link).normalize().toString().replace('\\', '/'))
          .forEach(
              target ->
                  assertThat(FILES.keySet())
                      .as("%s, which %s links to", target, page)
                      .anyMatch(file -> file.equals(target) || file.startsWith(target + "/")));
    }
  }

  @Test
  void theConnectorsJarKnowsItsVersion() throws IOException {
    String version =
        ARCHIVE.getFileName().toString().replaceFirst("^.*-dynamodb-(.*)\\.zip$", "$1");
    byte[] jar = FILES.get("lib/kafka-connect-dynamodb-" + version + ".jar");
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
      assertThat(in.getManifest().getMainAttributes().getValue("Implementation-Version"))
          .isEqualTo(version);
    }
  }

  @Test
  void theManifestNamesTheComponent() throws IOException {
    JsonNode manifest = JSON.readTree(FILES.get("manifest.json"));

    assertThat(ARCHIVE.getFileName())
        .hasToString(
            String.join(
                "-",
                manifest.at("/owner/username").asText(),
                manifest.path("name").asText(),
                manifest.path("version").asText() + ".zip"));
    assertThat(manifest.path("component_types")).extracting(JsonNode::asText).contains("source");
    assertThat(manifest.at("/features/delivery_guarantee"))
        .extracting(JsonNode::asText)
        .containsExactly("at_least_once");
    assertThat(LocalDate.parse(manifest.path("release_date").asText())).isNotNull();
    assertThat(FILES).containsKey(manifest.path("logo").asText());
    assertThat(new String(FILES.get("manifest.json"), StandardCharsets.UTF_8)).doesNotContain("${");
  }

  @Test
  void theSamplesAreJson() throws IOException {
    assertThat(FILES.keySet()).filteredOn(name -> name.startsWith("etc/iam/")).hasSize(8);
    for (String sample : FILES.keySet()) {
      if (sample.startsWith("etc/") && sample.endsWith(".json")) {
        assertThat(JSON.readTree(FILES.get(sample))).as(sample).isNotEmpty();
      }
    }
    assertThat(JSON.readTree(FILES.get("etc/dynamodb-source.json")).path("config")).isNotEmpty();
  }

  @Test
  void theArchiveHasNoLibraryOfTheWorkerAndNoneUnused() {
    assertThat(jars()).isNotEmpty();
    assertThat(
            jars()
                .flatMap(jar -> entries(jar).map(entry -> jar + "!" + entry))
                .filter(UNWANTED.asMatchPredicate()))
        .isEmpty();
  }

  @Test
  void theArchiveStaysSmall() {
    assertThat(FILES.values().stream().mapToLong(bytes -> bytes.length).sum()).isLessThan(20 << 20);
  }

  @Test
  void theWorkerFindsTheConnectorByServiceLoader() throws IOException {
    String services = "META-INF/services/org.apache.kafka.connect.source.SourceConnector";
    List<String> found = new ArrayList<>();
    for (String jar : jars().toList()) {
      try (ZipInputStream zip = zip(jar)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          if (entry.getName().equals(services)) {
            found.add(new String(zip.readAllBytes(), StandardCharsets.UTF_8).strip());
          }
        }
      }
    }

    assertThat(found).containsExactly("io.github.dynamokc.DynamoDbSourceConnector");
    assertThat(jars().flatMap(PluginArchiveIT::entries))
        .contains("io/github/dynamokc/DynamoDbSourceConnector.class");
  }

  private static Stream<String> jars() {
    return FILES.keySet().stream().filter(name -> name.startsWith("lib/"));
  }

  private static Stream<String> entries(String jar) {
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = zip(jar)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(jar, e);
    }
    return names.stream();
  }

  private static ZipInputStream zip(String jar) {
    return new ZipInputStream(new ByteArrayInputStream(FILES.get(jar)));
  }
}
