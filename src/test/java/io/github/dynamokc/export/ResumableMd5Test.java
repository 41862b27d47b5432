package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checksum is the platform's, also if its state was stored in between. */
class ResumableMd5Test {
  @Property
  void theChecksumIsThePlatforms(@ForAll @IntRange(max = 2000) int length, @ForAll long seed) {
    assertIsThePlatforms(length, seed);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000_000})
  void theChecksumIsThePlatformsWhereverABlockEnds(int length) {
    for (int seed = 0; seed < 50; seed++) {
      assertIsThePlatforms(length, seed);
    }
  }

  private static void assertIsThePlatforms(int length, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    ResumableMd5 md5 = new ResumableMd5();
    int at = 0;
    while (at < length) {
      int some = Math.min(length - at, 1 + random.nextInt(random.nextBoolean() ? 200 : length));
      md5.update(bytes, at, at + some);
      at += some;
      if (random.nextBoolean()) {
        md5 = ResumableMd5.resumed(md5.state(), at);
      }
    }
    assertThat(md5.value()).isEqualTo(SnapshotFixture.md5(bytes));
  }

  @Test
  void whatIsNoStateIsRefused() {
    byte[] state = new ResumableMd5().state();
    assertThat(ResumableMd5.resumed(state, 64).state()).isEqualTo(state);
    assertThatThrownBy(() -> ResumableMd5.resumed(state, 65))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ResumableMd5.resumed(state, -64))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
