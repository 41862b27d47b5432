package io.github.dynamokc.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.Advisories.Advisory;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list is read, and finds what is affected. */
class AdvisoriesTest {

  @ParameterizedTest
  @CsvSource({
    "2.9.10, false",
    "2.10.0, true",
    "2.18.7, true",
    "2.18.8, false",
    "2.19.0, true",
    "2.21.3, true",
    "2.21.4, false",
    "2.22, false"
  })
  void rangesAreComparedByNumbers(String version, boolean affected) {
    Advisory advisory =
        new Advisory("a:b", ">=2.10.0 <2.18.8 | >=2.19.0 <2.21.4", "X", "High", "https://", "");
    assertThat(advisory.affects(version)).isEqualTo(affected);
  }

  @Test
  void aReleaseThatIsNotFinalComesBeforeTheOneThatIs() {
    Advisory advisory = new Advisory("a:b", ">=5.6-alpha1 <5.6.1", "X", "High", "https://", "");
    assertThat(advisory.affects("5.6-beta1")).isTrue();
    assertThat(advisory.affects("5.6")).isTrue();
    assertThat(advisory.affects("5.6.1")).isFalse();
  }

  @Test
  void theListFindsTheJacksonThatWasBundledOnce() throws IOException {
    List<Advisory> found =
        Advisories.all().stream()
            .filter(advisory -> advisory.library().startsWith("com.fasterxml.jackson.core:"))
            .filter(advisory -> advisory.affects("2.19.4"))
            .toList();
    assertThat(found).filteredOn(Advisory::isPressing).hasSizeGreaterThan(1);
  }
}
