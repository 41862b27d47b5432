package io.github.dynamokc.json;

import static org.assertj.core.api.Assertions.fail;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Against Java's decoder: all sequences of three bytes, and those of four that are at a limit. */
class Utf8Test {
  private static final int[] AT_LIMITS = {
    0x00, 0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xFF
  };

  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer chars = CharBuffer.allocate(8);

  @Test
  void allSequencesOfThreeBytesAreToldApart() {
    byte[] bytes = new byte[3];
    for (int all = 0; all < 1 << 24; all++) {
      bytes[0] = (byte) (all >> 16);
      bytes[1] = (byte) (all >> 8);
      bytes[2] = (byte) all;
      verify(bytes);
    }
  }

  @Test
  void sequencesOfFourBytesAtLimitsAreToldApart() {
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        for (int third : AT_LIMITS) {
          for (int fourth : AT_LIMITS) {
            verify(new byte[] {(byte) first, (byte) second, (byte) third, (byte) fourth});
          }
        }
      }
    }
  }

  private void verify(byte[] bytes) {
    decoder.reset();
    chars.clear();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    boolean malformed = decoder.decode(in, chars, true).isError();
    if (isMalformed(bytes) != malformed) {
      fail("%s is malformed: %s".formatted(new BigInteger(1, bytes).toString(16), malformed));
    }
  }

  private static boolean isMalformed(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (bytes[at] >= 0) {
        at++;
      } else {
        at = Utf8.endOfNonAscii(bytes, at, bytes.length);
        if (at < 0) {
          return true;
        }
      }
    }
    return false;
  }
}
