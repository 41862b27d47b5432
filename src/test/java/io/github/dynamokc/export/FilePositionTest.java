package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.gzip.GzipCheckpoint;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A position comes back from its text; a text that is not whole is none. */
class FilePositionTest {
  private static FilePosition any(Random random) {
    byte[] window = new byte[random.nextBoolean() ? GzipCheckpoint.WINDOW : random.nextInt(1000)];
    byte[] some = new byte[1 + random.nextInt(window.length + 1)];
    random.nextBytes(some);
    for (int i = 0; i < window.length; i++) {
      window[i] = some[i % some.length];
    }
    long memberLength =
        window.length == GzipCheckpoint.WINDOW ? window.length + number(random) : window.length;
    byte[] md5 = new byte[16 + random.nextInt(64)];
    random.nextBytes(md5);
    return new FilePosition(
        "\"e-tag-" + random.nextInt() + "\"",
        new GzipCheckpoint(
            number(random),
            random.nextInt(8),
            memberLength + number(random),
            random.nextInt(),
            memberLength,
            window),
        number(random),
        md5,
        number(random),
        number(random));
  }

  private static long number(Random random) {
    return random.nextLong(1L << 1 + random.nextInt(50));
  }

  private static String shown(FilePosition position) {
    return position.toString().replaceAll("\\[B@\\w+", "")
        + Arrays.toString(position.md5())
        + Arrays.toString(position.checkpoint().window());
  }

  @Property
  void aPositionComesBackFromItsText(@ForAll long seed) {
    FilePosition position = any(new Random(seed));
    FilePosition parsed = Objects.requireNonNull(FilePosition.parsed(position.text()));
    assertThat(shown(parsed)).isEqualTo(shown(position));
  }

  @Property(tries = 300)
  void aTextWithAnotherLetterIsNone(@ForAll long seed) {
    Random random = new Random(seed);
    char[] text = any(random).text().toCharArray();
    // The last letter may have bits that count for nothing.
    int at = random.nextInt(text.length - 1);
    text[at] = text[at] == 'A' ? 'B' : 'A';
    assertThat(FilePosition.parsed(new String(text))).isNull();
    assertThat(FilePosition.parsed(new String(text, 0, at))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "no position", "AAAA", "AQAAAAAAAAA", "{\"items\": 5}"})
  void anyTextIsNone(String text) {
    assertThat(FilePosition.parsed(text)).isNull();
  }

  @Test
  void aTextOfALaterFormIsNone() {
    byte[] bytes = Base64.getDecoder().decode(any(new Random(1)).text());
    bytes[0]++;
    assertThat(FilePosition.parsed(Base64.getEncoder().encodeToString(bytes))).isNull();
  }
}
