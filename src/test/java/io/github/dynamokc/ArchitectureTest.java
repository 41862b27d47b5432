package io.github.dynamokc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which package may know which. A rule for a package that is still empty passes. */
class ArchitectureTest {
  private static final String ROOT = "io.github.dynamokc";
  private static final String AWS_SDK = "software.amazon.awssdk..";
  private static final String KAFKA = "org.apache.kafka..";
  private static final String[] IO = {"java.io..", "java.net..", "java.nio.file..", "java.sql.."};

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void nothing_knows_the_connector_and_the_task() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + ".(*)..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT)
            .because(
                "the root package wires the others together; they must work without a worker"));
  }

  @Test
  void export_and_stream_do_not_know_each_other() {
    String reason =
        "the snapshot and the changes of a table are two features that meet in a task only";
    check(notKnowing("export", "stream").because(reason));
    check(notKnowing("stream", "export").because(reason));
  }

  @Test
  void record_knows_neither_export_nor_stream() {
    check(
        notKnowing("record", "export", "stream")
            .because("a record looks the same wherever its event came from"));
  }

  @Test
  void plan_knows_offsets_and_configured_values_only() {
    check(
        noClasses()
            .that()
            .resideInAPackage(of("plan"))
            .should()
            .dependOnClassesThat(
                resideInAPackage(ROOT + "..")
                    .and(resideOutsideOfPackages(of("plan"), of("offset"), of("config"))))
            .because(
                "the plan is a function of facts and observed values, tested without anything else"));
  }

  @Test
  void plan_does_no_input_or_output_and_has_no_clock() {
    check(
        noClasses()
            .that()
            .resideInAPackage(of("plan"))
            .should()
            .dependOnClassesThat(resideInAnyPackage(IO).or(resideInAnyPackage(AWS_SDK, KAFKA)))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .because("after any crash the same facts must give the same plan"));
  }

  @Test
  void config_offset_and_metrics_know_nothing_of_ours_and_no_aws() {
    for (String name : new String[] {"config", "offset", "metrics"}) {
      check(
          noClasses()
              .that()
              .resideInAPackage(of(name))
              .should()
              .dependOnClassesThat(
                  resideInAPackage(AWS_SDK)
                      .or(resideInAPackage(ROOT + "..").and(resideOutsideOfPackages(of(name)))))
              .because("everything else leans on these, so they must lean on nothing"));
    }
  }

  @Test
  void event_knows_neither_aws_nor_kafka() {
    check(
        noClasses()
            .that()
            .resideInAPackage(of("event"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(AWS_SDK, KAFKA)
            .because(
                "an event says what happened to an item, not who told it or who will hear it"));
  }

  @Test
  void aws_knows_of_ours_the_configuration_only() {
    check(
        noClasses()
            .that()
            .resideInAPackage(of("aws"))
            .should()
            .dependOnClassesThat(
                resideInAPackage(ROOT + "..").and(resideOutsideOfPackages(of("aws"), of("config"))))
            .because("what AWS says belongs to the packages that ask"));
  }

  @Test
  void preflight_knows_what_is_configured_and_what_aws_says_of_it() {
    check(
        noClasses()
            .that()
            .resideInAPackage(of("preflight"))
            .should()
            .dependOnClassesThat(
                resideInAPackage(ROOT + "..")
                    .and(
                        resideOutsideOfPackages(
                            of("preflight"), of("aws"), of("config"), of("table"))))
            .because("it comes before there is a connector, and knows nothing of one that runs"));
    check(
        notKnowing("export", "preflight")
            .because("what runs must not lean on what was asked before"));
    check(
        notKnowing("stream", "preflight")
            .because("what runs must not lean on what was asked before"));
  }

  @Test
  void struct_knows_items_and_configured_values_only() {
    check(
        noClasses()
            .that()
            .resideInAPackage(of("struct"))
            .should()
            .dependOnClassesThat(
                resideInAPackage(ROOT + "..")
                    .and(
                        resideOutsideOfPackages(
                            of("struct"), of("item"), of("event"), of("config"))))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(IO)
            .because("which columns there are follows from items and from a text of the registry"));
  }

  @Test
  void only_the_connector_and_the_task_know_the_schema_registry() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + ".(*)..")
            .and()
            .resideOutsideOfPackage(of("registry"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(of("registry"))
            .because("what needs the latest schema asks for it by LatestSchema"));
  }

  @Test
  void there_are_no_cycles() {
    check(
        slices()
            .matching(ROOT + ".(*)..")
            .should()
            .beFreeOfCycles()
            .because("packages in a cycle are one package"));
  }

  @Test
  void nothing_sleeps() {
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

  private static ClassesShouldConjunction notKnowing(String name, String... others) {
    String[] packages = Arrays.stream(others).map(ArchitectureTest::of).toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(of(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  private static String of(String name) {
    return ROOT + "." + name + "..";
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }
}
