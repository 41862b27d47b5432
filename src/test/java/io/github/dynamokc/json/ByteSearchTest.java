package io.github.dynamokc.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Eight bytes at a time against one at a time. */
class ByteSearchTest {
  @Property
  void theSearchFindsTheSameAsTheObviousLoop(
      @ForAll("bytes") byte[] bytes,
      @ForAll @IntRange(max = 40) int from,
      @ForAll @IntRange(max = 40) int length) {
    int start = Math.min(from, bytes.length);
    int end = Math.min(start + length, bytes.length);
    assertThat(ByteSearch.lineFeed(bytes, start, end)).isEqualTo(slowLineFeed(bytes, start, end));
    assertThat(ByteSearch.endOfPlainAscii(bytes, start, end))
        .isEqualTo(slowEndOfPlain(bytes, start, end));
  }

  @Property
  void equalBytesHaveTheSameHashWhereverTheyAre(
      @ForAll("bytes") byte[] bytes,
      @ForAll("bytes") byte[] before,
      @ForAll("bytes") byte[] behind) {
    byte[] among = new byte[before.length + bytes.length + behind.length];
    System.arraycopy(before, 0, among, 0, before.length);
    System.arraycopy(bytes, 0, among, before.length, bytes.length);
    System.arraycopy(behind, 0, among, before.length + bytes.length, behind.length);
    assertThat(ByteSearch.hash(among, before.length, before.length + bytes.length))
        .isEqualTo(ByteSearch.hash(bytes, 0, bytes.length));
  }

  @Test
  void eachByteIsDistinguishedInEachLane() {
    for (int neighbour = 0; neighbour < 256; neighbour++) {
      for (int value = 0; value < 256; value++) {
        for (int lane = 0; lane < 8; lane++) {
          byte[] bytes = new byte[8];
          Arrays.fill(bytes, (byte) neighbour);
          bytes[lane] = (byte) value;
          if (ByteSearch.lineFeed(bytes, 0, 8) != slowLineFeed(bytes, 0, 8)
              || ByteSearch.endOfPlainAscii(bytes, 0, 8) != slowEndOfPlain(bytes, 0, 8)) {
            fail("%d in lane %d among %d", value, lane, neighbour);
          }
        }
      }
    }
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    Arbitrary<Byte> plain = Arbitraries.of((byte) 'a', (byte) ' ', (byte) '!');
    return Arbitraries.frequencyOf(Tuple.of(8, plain), Tuple.of(1, Arbitraries.bytes()))
        .array(byte[].class)
        .ofMaxSize(60);
  }

  private static int slowLineFeed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private static int slowEndOfPlain(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != '"' && bytes[at] != '\\' && bytes[at] >= 0x20) {
      at++;
    }
    return at;
  }
}
