package io.github.dynamokc.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The exporter's rules, the alerts and the dashboard fit each other and the metrics there are. */
class MonitoringFilesTest {
  private static final Path PAGE = Path.of("src", "main", "doc", "monitoring.md");
  private static final Path RUNBOOKS = Path.of("src", "main", "doc", "operations.md");
  private static final List<ExporterRule> RULES = MonitoringFiles.exporterRules();

  static Stream<Arguments> attributes() {
    return MBeanAttributes.all().stream()
        .flatMap(bean -> bean.attributes().map(attribute -> Arguments.of(bean, attribute)));
  }

  @ParameterizedTest
  @MethodSource("attributes")
  void anAttributeHasOneRuleThatNamesItMechanically(MBeanAttributes bean, String attribute) {
    String written = bean.asTheExporterWritesIt(attribute);
    List<ExporterRule> rules =
        RULES.stream().filter(rule -> rule.labelsOf(written).isPresent()).toList();

    assertThat(rules).hasSize(1);
    ExporterRule rule = rules.get(0);
    assertThat(rule.name()).isEqualTo(bean.metric(attribute));
    assertThat(rule.type()).isEqualTo(bean.type(attribute));
    assertThat(rule.help()).isNotBlank();
    assertThat(rule.labelsOf(written)).contains(bean.labels(attribute));
  }

  @Test
  void everyRuleIsOfAnExistingAttribute() {
    Set<String> there =
        MBeanAttributes.all().stream()
            .flatMap(bean -> bean.attributes().map(bean::metric))
            .collect(Collectors.toSet());

    assertThat(RULES)
        .extracting(ExporterRule::name)
        .doesNotHaveDuplicates()
        .filteredOn(name -> name.startsWith("dynamokc_"))
        .containsExactlyInAnyOrderElementsOf(there);
  }

  /** The library of the exporter cuts off what it reserves for other types. */
  @Test
  void noNameEndsInASuffixThatTheExporterCutsOff() {
    for (ExporterRule rule : RULES) {
      assertThat(rule.name()).matches("[a-z][a-z0-9_]*").doesNotMatch(".*_(info|created|bucket)");
      assertThat(rule.name().endsWith("_total")).isEqualTo(rule.type().equals("COUNTER"));
    }
  }

  @Test
  void anAlertUsesOnlyExportedMetrics() {
    assertThat(MonitoringFiles.alerts()).isNotEmpty();
    for (JsonNode alert : MonitoringFiles.alerts()) {
      assertShown(alert.path("expr").asText());
    }
  }

  @Test
  void anAlertHasASeverityAnExplanationAndALink() {
    Set<String> names = new HashSet<>();
    for (JsonNode alert : MonitoringFiles.alerts()) {
      String name = alert.path("alert").asText();
      assertThat(names.add(name)).as(name).isTrue();
      assertThat(alert.at("/labels/severity").asText()).isIn("warning", "critical");
      assertThat(alert.at("/annotations/summary").asText()).isNotBlank();
      assertThat(alert.at("/annotations/description").asText()).isNotBlank();
      assertThat(alert.at("/annotations/runbook_url").asText())
          .isEqualTo(
              "https://github.com/dynamokc/kafka-connect-dynamodb/blob/main/src/main/doc/operations.md#"
                  + name.toLowerCase(Locale.ROOT));
    }
  }

  /** Whoever is woken by an alert finds what to do under its name, and no name is left there. */
  @Test
  void runbookOfEachAlertIsAHeadingOfThePageOnOperations() throws IOException {
    List<String> lines = Files.readAllLines(RUNBOOKS);

    assertThat(lines)
        .filteredOn(line -> line.startsWith("### "))
        .extracting(line -> line.substring("### ".length()))
        .containsExactlyInAnyOrderElementsOf(
            MonitoringFiles.alerts().stream().map(alert -> alert.path("alert").asText()).toList());
    for (JsonNode alert : MonitoringFiles.alerts()) {
      String anchor = alert.at("/annotations/runbook_url").asText().replaceFirst("^[^#]*#", "");
      int heading =
          lines.stream()
              .map(line -> line.toLowerCase(Locale.ROOT))
              .toList()
              .indexOf("### " + anchor);
      assertThat(heading).as(anchor).isNotNegative();
      assertThat(String.join(" ", lines.subList(heading + 1, heading + 4))).as(anchor).isNotBlank();
    }
  }

  @Test
  void anAlertIsTestedFiringAndNotFiring() {
    Set<String> firing = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    for (JsonNode test : MonitoringFiles.alertTests()) {
      String name = test.path("alertname").asText();
      (test.path("exp_alerts").isEmpty() ? silent : firing).add(name);
    }
    List<String> names =
        MonitoringFiles.alerts().stream().map(alert -> alert.path("alert").asText()).toList();

    assertThat(firing).containsExactlyInAnyOrderElementsOf(names);
    assertThat(silent).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void theDashboardUsesOnlyExportedMetrics() {
    assertThat(MonitoringFiles.dashboardQueries()).isNotEmpty();
    MonitoringFiles.dashboardQueries().forEach(MonitoringFilesTest::assertShown);
    assertThat(MonitoringFiles.dashboardVariables()).hasSize(2);
    assertThat(MonitoringFiles.metricsThatAreAskedFor())
        .isSubsetOf(RULES.stream().map(ExporterRule::name).toList());
  }

  @Test
  void theDashboardShowsEachMetricOfTheConnector() {
    Set<String> shown = new TreeSet<>();
    MonitoringFiles.dashboardQueries().forEach(query -> shown.addAll(PromQl.metrics(query)));

    assertThat(shown)
        .containsAll(
            RULES.stream()
                .map(ExporterRule::name)
                .filter(name -> name.startsWith("dynamokc_"))
                .toList());
  }

  @Test
  void aPanelHasItsOwnPlaceAndTheChosenDataSource() {
    List<Integer> ids = new ArrayList<>();
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : MonitoringFiles.dashboard().path("panels")) {
      ids.add(panel.path("id").asInt());
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          String cell = (place.path("x").asInt() + x) + "," + (place.path("y").asInt() + y);
          assertThat(cells.add(cell)).as(panel.path("title").asText()).isTrue();
        }
      }
      for (JsonNode target : panel.path("targets")) {
        assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
        assertThat(target.path("expr").asText()).contains("connector=~\"$connector\"");
      }
    }
    assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void thePageOnMonitoringHasEachMetric() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);

    for (MBeanAttributes bean : MBeanAttributes.all()) {
      bean.attributes()
          .forEach(
              attribute ->
                  assertThat(lines)
                      .filteredOn(line -> line.contains("| `" + bean.metric(attribute) + "` |"))
                      .singleElement()
                      .asString()
                      .startsWith("| `" + attribute + "` |")
                      .contains("| " + bean.type(attribute).toLowerCase(Locale.ROOT) + ", "));
    }
    String page = String.join("\n", lines);
    assertThat(RULES).allSatisfy(rule -> assertThat(page).contains("`" + rule.name() + "`"));
  }

  private static void assertShown(String query) {
    assertThat(PromQl.metrics(query))
        .as(query)
        .isNotEmpty()
        .isSubsetOf(RULES.stream().map(ExporterRule::name).toList());
  }
}
