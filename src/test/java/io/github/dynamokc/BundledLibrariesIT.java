package io.github.dynamokc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.Advisories;
import io.github.dynamokc.testing.kafka.PluginPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What the archive says of the jars that it brings: what they are, and their licences. */
class BundledLibrariesIT {
  /** Where a licence's text is if the jar does not have it. */
  private static final Map<String, String> TEXTS =
      Map.of("Apache-2.0", "LICENSE", "MIT-0", "licenses/MIT-0.txt");

  private static final Pattern LISTED =
      Pattern.compile("\\s+\\(([^)]+)\\) .* \\(([\\w.-]+):([\\w.-]+):([\\w.-]+) - \\S+\\)");

  private static final Path ARCHIVE = archive();
  private static final Path DOC = ARCHIVE.resolve("doc");

  private static Path archive() {
    try (Stream<Path> folders = Files.list(PluginPath.packaged())) {
      List<Path> all = folders.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theBillOfMaterialsListsExactlyTheJarsAndTheirLicences() throws IOException {
    JsonNode bill = new ObjectMapper().readTree(DOC.resolve("sbom.cdx.json").toFile());

    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(jar(bill.at("/metadata/component"))).isEqualTo(ownJar());
    Map<String, String> licences = new TreeMap<>();
    for (JsonNode component : bill.path("components")) {
      assertThat(component.path("purl").asText()).startsWith("pkg:maven/");
      assertThat(component.path("licenses")).as(jar(component)).hasSize(1);
      licences.put(jar(component), component.at("/licenses/0/license/id").asText());
    }
    assertThat(licences.keySet()).isEqualTo(jarsOfOthers());
    assertThat(licences.values()).isSubsetOf(TEXTS.keySet());
    assertThat(listed()).isEqualTo(licences);
  }

  /** A build at another time is to give the same bytes. */
  @Test
  void theBillOfMaterialsHasNoTimeAndNoSerialNumber() throws IOException {
    JsonNode bill = new ObjectMapper().readTree(DOC.resolve("sbom.cdx.json").toFile());

    assertThat(bill.has("serialNumber")).isFalse();
    assertThat(bill.path("metadata").has("timestamp")).isFalse();
  }

  @Test
  void noLibraryHasAHighAdvisoryThatIsNotArguedAway() throws IOException {
    List<String> found = new ArrayList<>();
    JsonNode bill = new ObjectMapper().readTree(DOC.resolve("sbom.cdx.json").toFile());
    for (JsonNode component : bill.path("components")) {
      String library = component.path("group").asText() + ":" + component.path("name").asText();
      String version = component.path("version").asText();
      for (Advisories.Advisory advisory : Advisories.all()) {
        if (advisory.library().equals(library)
            && advisory.affects(version)
            && advisory.isPressing()) {
          found.add(library + " " + version + ": " + advisory.id() + ", " + advisory.source());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void theTextOfEachLicenceIsThere() throws IOException {
    assertThat(DOC.resolve("LICENSE")).content().contains("Apache License", "Version 2.0");
    Map<String, String> licences = listed();
    for (String jar : jarsOfOthers()) {
      Path folder = DOC.resolve("licenses").resolve(jar.replaceFirst("\\.jar$", "-jar"));
      Map<String, String> inJar = texts(jar);
      for (Map.Entry<String, String> text : inJar.entrySet()) {
        assertThat(folder.resolve(text.getKey())).content().isEqualTo(text.getValue());
      }
      if (inJar.keySet().stream().noneMatch(name -> name.contains("LICENSE"))) {
        assertThat(DOC.resolve(TEXTS.get(licences.get(jar)))).as(jar).isNotEmptyFile();
      }
    }
    assertThat(DOC.resolve("licenses/MIT-0.txt")).content().startsWith("MIT No Attribution");
  }

  @Test
  void theNoticeHasTheNoticesOfAllJars() throws IOException {
    String notice = Files.readString(DOC.resolve("NOTICE"));

    assertThat(notice).startsWith(Files.readString(Path.of("NOTICE")));
    int notices = 0;
    for (String jar : jarsOfOthers()) {
      for (Map.Entry<String, String> text : texts(jar).entrySet()) {
        if (text.getKey().contains("NOTICE")) {
          notices++;
          assertThat(notice).as(jar).contains(text.getValue().strip());
        }
      }
    }
    assertThat(notices).isPositive();
  }

  @Test
  void theTextsAreOnlyThoseOfPackedJars() throws IOException {
    try (Stream<Path> folders = Files.list(DOC.resolve("licenses"))) {
      assertThat(folders.filter(Files::isDirectory).map(f -> f.getFileName().toString()))
          .isSubsetOf(
              jarsOfOthers().stream().map(jar -> jar.replaceFirst("\\.jar$", "-jar")).toList());
    }
  }

  @Test
  void theManifestNamesTheLicenceOfTheArchive() throws IOException {
    JsonNode licence =
        new ObjectMapper().readTree(ARCHIVE.resolve("manifest.json").toFile()).path("license");

    assertThat(licence).hasSize(1);
    assertThat(licence.at("/0/name").asText()).isEqualTo("Apache License, Version 2.0");
    assertThat(Files.readString(DOC.resolve("LICENSE")))
        .isEqualTo(Files.readString(Path.of("LICENSE")));
  }

  private static String jar(JsonNode component) {
    return component.path("name").asText() + "-" + component.path("version").asText() + ".jar";
  }

  /** The jars of THIRD-PARTY.txt, with their licences. */
  private static Map<String, String> listed() throws IOException {
    Map<String, String> licences = new TreeMap<>();
    for (String line : Files.readAllLines(DOC.resolve("THIRD-PARTY.txt"))) {
      Matcher listed = LISTED.matcher(line);
      if (listed.matches()) {
        licences.put(listed.group(3) + "-" + listed.group(4) + ".jar", listed.group(1));
      }
    }
    return licences;
  }

  private static Set<String> jars() throws IOException {
    try (Stream<Path> jars = Files.list(ARCHIVE.resolve("lib"))) {
      return jars.map(jar -> jar.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String ownJar() throws IOException {
    List<String> own =
        jars().stream().filter(jar -> jar.startsWith("kafka-connect-dynamodb-")).toList();
    assertThat(own).hasSize(1);
    return own.get(0);
  }

  private static Set<String> jarsOfOthers() throws IOException {
    Set<String> jars = new TreeSet<>(jars());
    jars.remove(ownJar());
    return jars;
  }

  /** The licences and notices that are in a jar. */
  private static Map<String, String> texts(String jar) throws IOException {
    Map<String, String> texts = new HashMap<>();
    try (ZipFile zip = new ZipFile(ARCHIVE.resolve("lib").resolve(jar).toFile())) {
      for (ZipEntry entry : new ArrayList<ZipEntry>(zip.stream().toList())) {
        String name = entry.getName().replaceFirst(".*/", "");
        if (name.matches(".*(LICENSE|LICENCE|NOTICE|COPYING)(\\.\\w+)?")
            && !name.endsWith(".class")) {
          try (InputStream in = zip.getInputStream(entry)) {
            texts.put(name, new String(in.readAllBytes(), UTF_8));
          }
        }
      }
    }
    return texts;
  }
}
