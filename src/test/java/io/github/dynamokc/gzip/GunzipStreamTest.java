package io.github.dynamokc.gzip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text is the platform's, and so is what is refused. */
class GunzipStreamTest {
  private static byte[] text(byte[] file) throws IOException {
    return new GunzipStream(new ByteArrayInputStream(file)).readAllBytes();
  }

  /** The text, or null for a file that is refused. */
  private static byte @Nullable [] textOrNull(byte[] file) throws IOException {
    try {
      return text(file);
    } catch (ZipException | EOFException e) {
      return null;
    }
  }

  private static byte @Nullable [] platformOrNull(byte[] file) throws IOException {
    try {
      return GzipFixture.platform(file);
    } catch (ZipException | EOFException e) {
      return null;
    }
  }

  @Property(tries = 300)
  void theTextIsThePlatforms(@ForAll long seed) throws IOException {
    byte[] file = GzipFixture.file(new Random(seed));
    assertThat(text(file)).isEqualTo(GzipFixture.platform(file));
  }

  @Property(tries = 100)
  void theTextIsTheSameInPartsOfAnySize(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] file = GzipFixture.file(random);
    GunzipStream in = new GunzipStream(new Parts(file, random, 1 + random.nextInt(30_000)));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] buffer = new byte[100_000];
    int most = 1 + random.nextInt(random.nextBoolean() ? 10 : buffer.length);
    int offset = random.nextInt(buffer.length - most + 1);
    int read = in.read(buffer, offset, 1 + random.nextInt(most));
    while (read >= 0) {
      text.write(buffer, offset, read);
      read = in.read(buffer, offset, 1 + random.nextInt(most));
    }
    assertThat(text.toByteArray()).isEqualTo(GzipFixture.platform(file));
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read(buffer, 0, 0)).isZero();
  }

  /** One bit, some of them, or what other files have there. */
  @Property(tries = 2000)
  void ofADamagedFileNothingElseIsReadThanByThePlatform(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] file = GzipFixture.file(random);
    byte[] other = GzipFixture.file(random);
    int places = 1 + random.nextInt(3);
    boolean first = random.nextBoolean();
    for (int i = 0; i < places; i++) {
      int at = random.nextInt(first ? Math.min(file.length, 200) : file.length);
      switch (random.nextInt(3)) {
        case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> file[at] = (byte) random.nextInt();
        default -> System.arraycopy(other, 0, file, at, Math.min(other.length, file.length - at));
      }
    }
    assertThat(textOrNull(file)).isEqualTo(platformOrNull(file));
  }

  @Property(tries = 300)
  void aMemberThatIsCutIsRefused(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] member = GzipFixture.member(random, GzipFixture.text(random));
    byte[] cut = Arrays.copyOf(member, random.nextInt(member.length));
    assertThatThrownBy(() -> text(cut))
        .isInstanceOf(EOFException.class)
        .hasMessage("Unexpected end of the gzip file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "\0\0\0\0\0\0", "no gzip at all, though it is long enough"})
  void whatIsNoMemberBehindTheLastOneIsReadAndIgnored(String rest) throws IOException {
    byte[] member = GzipFixture.member(new Random(1), new byte[100_000]);
    byte[] file = Arrays.copyOf(member, member.length + rest.length());
    System.arraycopy(rest.getBytes(), 0, file, member.length, rest.length());
    InputStream compressed = new ByteArrayInputStream(file);
    assertThat(new GunzipStream(compressed).readAllBytes())
        .isEqualTo(new byte[100_000])
        .isEqualTo(GzipFixture.platform(file));
    assertThat(compressed.available()).isZero();
  }

  @Test
  void whatIsNoGzipIsNamed() {
    assertThatThrownBy(() -> text("{\"Item\":{}}".getBytes()))
        .isInstanceOf(ZipException.class)
        .hasMessage("Not in GZIP format");
  }

  @Test
  void aWrongChecksumOrLengthIsNamed() {
    byte[] file = GzipFixture.member(new Random(1), new byte[100]);
    for (int i = 1; i <= 8; i++) {
      byte[] damaged = file.clone();
      damaged[file.length - i]++;
      assertThatThrownBy(() -> text(damaged))
          .isInstanceOf(ZipException.class)
          .hasMessage("Corrupt GZIP trailer");
    }
  }

  /** What cannot be read is none of the file's own faults, wherever it happens. */
  @Property(tries = 100)
  void anErrorWhileReadingIsTheCallers(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] file = GzipFixture.file(random);
    IOException broken = new IOException("broken");
    int good = random.nextInt(file.length + 1);
    InputStream compressed =
        new ByteArrayInputStream(file, 0, good) {
          @Override
          public synchronized int read(byte[] target, int offset, int count) {
            int read = super.read(target, offset, count);
            if (read < 0) {
              throw new java.io.UncheckedIOException(broken);
            }
            return read;
          }
        };
    assertThatThrownBy(() -> new GunzipStream(compressed).readAllBytes()).hasRootCause(broken);
  }

  /** Gives a few bytes at a time. */
  private static final class Parts extends ByteArrayInputStream {
    private final Random random;
    private final int most;

    private Parts(byte[] bytes, Random random, int most) {
      super(bytes);
      this.random = random;
      this.most = most;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int count) {
      return super.read(target, offset, Math.min(count, 1 + random.nextInt(most)));
    }
  }
}
