package io.github.dynamokc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.resolvers.SelectedClassResolverFromClasspath;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/**
 * A report of failed tests reads as a list of sentences only if all names are made one way: those
 * of the connector's tests and of the kit's.
 */
class TestNamesTest {
  private static final int LONGEST = 60;

  /** Of what the classes use only the annotations matter; to resolve all takes half a minute. */
  private final JavaClasses tests =
      ArchConfiguration.withThreadLocalScope(
          configuration -> {
            configuration.setClassResolver(SelectedClassResolverFromClasspath.class);
            configuration.setClassResolverArguments("org.junit", "net.jqwik");
            return new ClassFileImporter()
                .importPaths(Path.of("target/test-classes"), Path.of("target/kit/test-classes"));
          });

  @Test
  void testsOfConnectorAndKitAreAmongTheClasses() {
    assertThat(tests.contain(TestNamesTest.class)).isTrue();
    assertThat(tests.contain("io.github.dynamokc.testing.http.FaultyProxyTest")).isTrue();
  }

  /** Whatever runs as a test is annotated so in the end, properties of jqwik as well. */
  @Test
  void namesOfTestsAreShortSentencesInCamelCase() {
    methods()
        .that()
        .areMetaAnnotatedWith(Testable.class)
        .should(beShortAndInCamelCase())
        .check(tests);
  }

  private static ArchCondition<JavaMethod> beShortAndInCamelCase() {
    return new ArchCondition<>("be in camelCase and have at most " + LONGEST + " characters") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        String name = method.getName();
        if (name.contains("_") || name.length() > LONGEST) {
          events.add(SimpleConditionEvent.violated(method, method.getFullName()));
        }
      }
    };
  }
}
