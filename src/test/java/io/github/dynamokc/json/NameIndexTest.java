package io.github.dynamokc.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A list that is searched from its beginning is the reference. */
class NameIndexTest {
  /** Names that begin alike, end alike, or do both. */
  private static final String[] ALIKE = {
    "", "a", "aa", "aaaaaaa", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaaXaaaaaaaa", "aaaaaaaaYaaaaaaaa"
  };

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void namesAreFoundAsInAList(
      @ForAll("names") Set<String> known,
      @ForAll("names") Set<String> others,
      @ForAll @IntRange(max = 25) int guess) {
    List<String> names = List.copyOf(known);
    NameIndex index = new NameIndex(names);
    Set<String> all = new HashSet<>(known);
    all.addAll(others);
    for (String name : all) {
      assertThat(index.indexOf(cursorAt(JsonText.quoted(name)), guess))
          .as("'%s' as it is", name)
          .isEqualTo(names.indexOf(name));
      assertThat(index.indexOf(cursorAt(escaped(name)), guess))
          .as("'%s' in escapes", name)
          .isEqualTo(names.indexOf(name));
    }
  }

  @Test
  void nameThatIsSpelledLikeAnEscapeIsNoEscape() {
    NameIndex index = new NameIndex(List.of("\\n", "\n", "\\u0061"));
    assertThat(index.indexOf(cursorAt("\"\\n\""), 0)).isEqualTo(1);
    assertThat(index.indexOf(cursorAt("\"\\\\n\""), 0)).isZero();
    assertThat(index.indexOf(cursorAt("\"\\u0061\""), 2)).isEqualTo(-1);
  }

  @Test
  void manyNamesAreFound() {
    Set<String> many = new LinkedHashSet<>();
    for (int i = 0; i < 5_000; i++) {
      // With the same ends.
      many.add("attribute" + i + "attribute");
    }
    List<String> names = List.copyOf(many);
    NameIndex index = new NameIndex(new ArrayList<>(many));
    for (int i = 0; i < names.size(); i++) {
      assertThat(index.indexOf(cursorAt('"' + names.get(i) + '"'), 0)).isEqualTo(i);
    }
    assertThat(index.indexOf(cursorAt("\"attribute5000attribute\""), 0)).isEqualTo(-1);
  }

  private static JsonCursor cursorAt(String string) {
    JsonCursor cursor = new JsonCursor().reset(Slice.of(string));
    cursor.readString();
    return cursor;
  }

  private static String escaped(String name) {
    StringBuilder json = new StringBuilder("\"");
    for (char unit : name.toCharArray()) {
      json.append(String.format("\\u%04x", (int) unit));
    }
    return json.append('"').toString();
  }

  @Provide
  Arbitrary<Set<String>> names() {
    return Arbitraries.oneOf(
            Arbitraries.of(ALIKE),
            Arbitraries.strings().withChars("ab").ofMaxLength(18),
            Arbitraries.of("é", "日本語", "😀", "a\"b", "a\\b", "\n"))
        .set()
        .ofMaxSize(25);
  }
}
