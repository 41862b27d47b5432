package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNamesTest {
  @ParameterizedTest
  @CsvSource({
    "orderId, orderId",
    "_, _",
    "__, __",
    "_id, _id",
    "a1, a1",
    "1a, _x0031_a",
    "a b, a_x0020_b",
    "a.b, a_x002E_b",
    "a-b, a_x002D_b",
    "$ref, _x0024_ref",
    "'\"', _x0022_",
    "é, _x00E9_",
    "😀, _xD83D__xDE00_",
    "_x, _x005F_x",
    "__x, __x005F_x",
    "_x0020_, _x005F_x0020_",
    "_X, _X",
    "'', _x_",
    "__other, _x005F__other",
    "___other, ___other",
  })
  void aNameIsEscapedAsDocumented(String attribute, String legal) {
    assertThat(FieldNames.legal(attribute)).isEqualTo(legal);
    assertThat(FieldNames.attribute(legal)).isEqualTo(attribute);
  }

  @ParameterizedTest
  @CsvSource({"_x00e9_", "_x12_", "_x123", "a_x", "_xx"})
  void aNameWithoutAnEscapeStandsForItself(String field) {
    assertThat(FieldNames.attribute(field)).isEqualTo(field);
  }

  @Property
  void aFieldNameIsLegalAndGivesTheAttributesNameBack(@ForAll("names") String name) {
    String legal = FieldNames.legal(name);
    assertThat(legal).matches("[A-Za-z_][A-Za-z0-9_]*").isNotEqualTo(FieldNames.OTHER);
    assertThat(FieldNames.attribute(legal)).isEqualTo(name);
  }

  @Property(tries = 3000)
  void twoPathsNeverHaveOneName(@ForAll("paths") List<String> a, @ForAll("paths") List<String> b) {
    assertThat(path(a).equals(path(b))).isEqualTo(a.equals(b));
  }

  private static String path(List<String> names) {
    String path = "orders.Value";
    for (String name : names) {
      path = FieldNames.nested(path, FieldNames.legal(name));
    }
    return path;
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMaxLength(6),
        Arbitraries.strings().withChars("_x0AF ").ofMaxLength(12));
  }

  @Provide
  Arbitrary<List<String>> paths() {
    return Arbitraries.strings().withChars("_x ").ofMaxLength(3).list().ofMaxSize(3);
  }
}
