package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines are the same however the bytes arrive, and however long they are, up to a limit. */
class LineReaderTest {
  private static final int LIMIT = 16 * 1024 * 1024;

  private static List<String> lines(InputStream in) throws IOException {
    LineReader reader = new LineReader(in);
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add(line(reader));
    }
    assertThat(reader.next()).isFalse();
    return lines;
  }

  private static String line(LineReader reader) {
    return new String(
        reader.buffer(), reader.from(), reader.to() - reader.from(), StandardCharsets.UTF_8);
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void linesAreThoseOfTheText(
      @ForAll("texts") String text,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 64) int most)
      throws IOException {
    assertThat(lines(new FewBytes(bytes(text), seed, most))).isEqualTo(text.lines().toList());
  }

  @Property(tries = 30)
  void longLinesAreThoseOfTheTextAcrossTheEndOfTheBuffer(
      @ForAll("longTexts") String text, @ForAll long seed) throws IOException {
    assertThat(lines(new FewBytes(bytes(text), seed, 100_000))).isEqualTo(text.lines().toList());
  }

  @Provide
  Arbitrary<String> texts() {
    return texts(Arbitraries.of("", " ", "a", "é", "{\"Item\":{}}", "x".repeat(100)));
  }

  @Provide
  Arbitrary<String> longTexts() {
    return texts(Arbitraries.integers().between(0, 2_000).map(i -> i * 311).map("é"::repeat));
  }

  private static Arbitrary<String> texts(Arbitrary<String> lines) {
    Arbitrary<String> ended =
        Combinators.combine(lines, Arbitraries.of("\n", "\r\n")).as((line, end) -> line + end);
    return Combinators.combine(ended.list().ofMaxSize(8), lines)
        .as((all, rest) -> String.join("", all) + rest);
  }

  @ParameterizedTest
  @ValueSource(ints = {262_143, 262_144, 262_145, 524_288, 600_000})
  void aLineAboutAsLongAsTheBufferIsWhole(int length) throws IOException {
    String line = "x".repeat(length);
    assertThat(lines(bytes(line + "\n" + line + "\r\n" + line))).containsExactly(line, line, line);
  }

  @Test
  void anEmptyStreamHasNoLines() throws IOException {
    assertThat(lines(bytes(""))).isEmpty();
  }

  @Test
  void aLineOfTheLimitIsReadAndOneMoreByteIsRefused() throws IOException {
    byte[] longest = new byte[LIMIT];
    longest[LIMIT - 1] = '\n';
    LineReader reader = new LineReader(new ByteArrayInputStream(longest));
    assertThat(reader.next()).isTrue();
    assertThat(reader.to() - reader.from()).isEqualTo(LIMIT - 1);
    LineReader tooLong =
        new LineReader(
            new SequenceInputStream(
                bytes("short\n"), new ByteArrayInputStream(new byte[LIMIT + 1])));
    assertThat(tooLong.next()).isTrue();
    assertThat(line(tooLong)).isEqualTo("short");
    assertThatThrownBy(tooLong::next)
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining(String.valueOf(LIMIT));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {"``,true", " ,true", " \t ,true", " x,false", "{},false", "0,false"})
  void onlyWhiteSpaceIsBlank(String line, boolean blank) throws IOException {
    LineReader reader = new LineReader(bytes(line + "\n"));
    assertThat(reader.next()).isTrue();
    assertThat(reader.isBlank()).isEqualTo(blank);
  }
}
