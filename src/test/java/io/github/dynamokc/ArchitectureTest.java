package io.github.dynamokc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.resolvers.SelectedClassResolverFromClasspath;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may use which, and which libraries. */
class ArchitectureTest {
  private static final String ROOT = "io.github.dynamokc";
  private static final String AWS_SDK = "software.amazon.awssdk..";
  private static final String KAFKA = "org.apache.kafka..";
  private static final String[] NETWORK_AND_FILES = {"java.net..", "java.nio.file..", "java.sql.."};

  /** For each package of ours, the packages of ours that it may use. What is not listed may not. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          entry("json", List.of()),
          entry("concurrent", List.of()),
          entry("gzip", List.of()),
          entry("config", List.of()),
          entry("offset", List.of()),
          entry("metrics", List.of()),
          entry("lineage", List.of("offset")),
          entry("repair", List.of("offset")),
          entry("delivery", List.of("offset")),
          entry("plan", List.of("lineage", "offset")),
          entry("event", List.of("json")),
          entry("item", List.of("json")),
          entry("struct", List.of("item", "json", "config")),
          entry(
              "record", List.of("delivery", "offset", "struct", "item", "event", "json", "config")),
          entry("aws", List.of("concurrent", "config", "metrics")),
          entry("table", List.of("aws", "config")),
          entry("discovery", List.of("aws", "config", "table")),
          entry("preflight", List.of("aws", "concurrent", "config", "discovery", "table")),
          entry("registry", List.of("concurrent", "config", "struct")),
          entry(
              "export",
              List.of(
                  "aws",
                  "concurrent",
                  "config",
                  "delivery",
                  "event",
                  "gzip",
                  "json",
                  "metrics",
                  "offset",
                  "record",
                  "table")),
          entry(
              "stream",
              List.of(
                  "aws",
                  "concurrent",
                  "config",
                  "delivery",
                  "event",
                  "json",
                  "lineage",
                  "metrics",
                  "offset",
                  "record",
                  "table")),
          entry(
              "monitor",
              List.of(
                  "aws",
                  "concurrent",
                  "config",
                  "discovery",
                  "export",
                  "lineage",
                  "metrics",
                  "offset",
                  "plan",
                  "record",
                  "repair",
                  "stream",
                  "table")),
          entry(
              "task",
              List.of(
                  "aws",
                  "concurrent",
                  "config",
                  "delivery",
                  "export",
                  "metrics",
                  "offset",
                  "plan",
                  "record",
                  "repair",
                  "registry",
                  "stream",
                  "struct",
                  "table")));

  /**
   * Not by package: the test kit, which is on the class path as well, has the same root. Of what
   * the classes use only names matter, but for clocks; to resolve all takes half a minute.
   */
  private static final JavaClasses MAIN =
      ArchConfiguration.withThreadLocalScope(
          configuration -> {
            configuration.setClassResolver(SelectedClassResolverFromClasspath.class);
            configuration.setClassResolverArguments("java.time", "java.lang");
            return new ClassFileImporter()
                .importUrl(
                    DynamoDbSourceConnector.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation());
          });

  static Stream<String> packages() {
    return MAY_USE.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void packageUsesOnlyWhatItsRowAllows(String name) {
    String[] allowed =
        Stream.concat(Stream.of(name), MAY_USE.get(name).stream())
            .map(ArchitectureTest::of)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(of(name))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(resideOutsideOfPackages(allowed)))
        .because("the table of this test lists what a package may use")
        .check(MAIN);
  }

  @Test
  void everyPackageHasARow() {
    assertThat(
            MAIN.stream()
                .map(type -> type.getPackageName())
                .filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1))
                .collect(Collectors.toSet()))
        .isEqualTo(MAY_USE.keySet());
  }

  @Test
  void packagesHaveNoCycles() {
    check(
        slices()
            .matching(ROOT + ".(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages in a cycle are one package"));
  }

  @Test
  void planAndLineageDoNoInputOrOutputAndHaveNoClock() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(of("plan"), of("lineage"))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(NETWORK_AND_FILES).or(resideInAnyPackage(AWS_SDK, KAFKA)))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .because("after any crash the same offsets must give the same plan"));
  }

  @Test
  void packagesWithAClockOfTheirOwnAskNoOther() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                of("monitor"),
                of("stream"),
                of("export"),
                of("record"),
                of("delivery"),
                of("registry"))
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .because("time is handed in, so that tests decide what time it is"));
  }

  @Test
  void foundationsUseNoAwsSdk() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                of("config"),
                of("offset"),
                of("metrics"),
                of("delivery"),
                of("json"),
                of("concurrent"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(AWS_SDK)
            .because("everything else leans on these"));
  }

  @Test
  void itemsAndEventsKnowNeitherAwsNorKafka() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(of("event"), of("item"), of("json"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(AWS_SDK, KAFKA)
            .because("an event says what happened to an item, not who told it or who hears it"));
  }

  @Test
  void structDoesNoInputOrOutput() {
    check(
        noClasses()
            .that()
            .resideInAPackage(of("struct"))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.io..").or(resideInAnyPackage(NETWORK_AND_FILES)))
            .because("which columns there are follows from items and from a text of the registry"));
  }

  @Test
  void nothingSleeps() {
    check(
        noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(TimeUnit.class, "sleep", long.class)
            .because("waiting is on a latch that stop() opens, so that a task stops at once"));
  }

  @Test
  void threadsAreMadeInOnePlaceOnly() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(of("concurrent"))
            .should()
            .callCodeUnitWhere(
                DescribedPredicate.describe(
                    "makes threads by itself", call -> makesThreads(call.getTarget())))
            .because("a thread has the plugin's class loader and logs as connector and task"));
  }

  private static boolean makesThreads(CodeUnitCallTarget target) {
    Class<?> givenInstead =
        target.getOwner().isEquivalentTo(CompletableFuture.class)
            ? Executor.class
            : ThreadFactory.class;
    if (target.getRawParameterTypes().stream()
        .anyMatch(type -> type.isEquivalentTo(givenInstead))) {
      return false;
    }
    return switch (target.getOwner().getSimpleName()) {
      case "Thread", "Timer", "ForkJoinPool", "ThreadPoolExecutor", "ScheduledThreadPoolExecutor" ->
          target.getName().equals(JavaConstructor.CONSTRUCTOR_NAME);
      case "Executors" -> target.getName().startsWith("new");
      case "CompletableFuture" -> target.getName().endsWith("Async");
      case "Collection" -> target.getName().equals("parallelStream");
      default -> false;
    };
  }

  private static String of(String name) {
    return ROOT + "." + name + "..";
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }
}
