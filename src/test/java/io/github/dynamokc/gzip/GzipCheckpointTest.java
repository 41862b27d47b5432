package io.github.dynamokc.gzip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** From each checkpoint on comes the rest of the text, and all is verified that was before. */
class GzipCheckpointTest {
  /** Keeps what it hears. */
  private static final class Heard implements GunzipObserver {
    private final ByteArrayOutputStream consumed = new ByteArrayOutputStream();
    private final List<GzipCheckpoint> checkpoints = new ArrayList<>();
    private final long start;

    private Heard(long start) {
      this.start = start;
    }

    @Override
    public void consumed(byte[] buffer, int from, int to) {
      assertThat(to).isGreaterThan(from);
      consumed.write(buffer, from, to - from);
    }

    @Override
    public void reached(GzipCheckpoint checkpoint) {
      assertThat(checkpoint.compressed()).isEqualTo(start + consumed.size());
      checkpoints.add(checkpoint);
    }
  }

  private static GunzipStream from(byte[] file, GzipCheckpoint checkpoint, Heard heard) {
    int start = (int) checkpoint.compressed();
    return new GunzipStream(
        new ByteArrayInputStream(file, start, file.length - start), checkpoint, 0, heard);
  }

  private static List<GzipCheckpoint> checkpoints(byte[] file) throws IOException {
    Heard heard = new Heard(0);
    new GunzipStream(new ByteArrayInputStream(file), null, 0, heard).readAllBytes();
    assertThat(heard.consumed.toByteArray()).isEqualTo(file);
    return heard.checkpoints;
  }

  private static List<String> shown(List<GzipCheckpoint> checkpoints) {
    return checkpoints.stream()
        .map(
            each ->
                "%d.%d of %d: %d, %d, %d"
                    .formatted(
                        each.compressed(),
                        each.bits(),
                        each.uncompressed(),
                        each.memberCrc(),
                        each.memberLength(),
                        Arrays.hashCode(each.window())))
        .toList();
  }

  @Property(tries = 60)
  void theRestOfTheTextComesFromEachBlockOn(@ForAll long seed) throws IOException {
    byte[] file = GzipFixture.file(new Random(seed));
    byte[] text = GzipFixture.platform(file);
    List<GzipCheckpoint> all = checkpoints(file);
    assertThat(all).isNotEmpty();
    for (int i = 0; i < all.size(); i++) {
      GzipCheckpoint checkpoint = all.get(i);
      Heard heard = new Heard(checkpoint.compressed());
      assertThat(from(file, checkpoint, heard).readAllBytes())
          .isEqualTo(Arrays.copyOfRange(text, (int) checkpoint.uncompressed(), text.length));
      assertThat(heard.consumed.toByteArray())
          .isEqualTo(Arrays.copyOfRange(file, (int) checkpoint.compressed(), file.length));
      assertThat(shown(heard.checkpoints)).isEqualTo(shown(all.subList(i, all.size())));
    }
  }

  @Property(tries = 60)
  void aWrongStartIsFoundAtTheEndOfTheMember(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] file = GzipFixture.file(random);
    List<GzipCheckpoint> all = checkpoints(file);
    GzipCheckpoint right = all.get(random.nextInt(all.size()));
    GzipCheckpoint wrongCrc =
        new GzipCheckpoint(
            right.compressed(),
            right.bits(),
            right.uncompressed(),
            right.memberCrc() ^ 1 << random.nextInt(32),
            right.memberLength(),
            right.window());
    assertThatThrownBy(() -> from(file, wrongCrc, new Heard(right.compressed())).readAllBytes())
        .isInstanceOf(ZipException.class)
        .hasMessage("Corrupt GZIP trailer");
  }

  @Test
  void checkpointsAreAsFarApartAsIsAskedFor() throws IOException {
    byte[] text = new byte[1_000_000];
    new Random(1).nextBytes(text);
    byte[] file = GzipFixture.member(new Random(4), text);
    Heard heard = new Heard(0);
    new GunzipStream(new ByteArrayInputStream(file), null, 200_000, heard).readAllBytes();
    assertThat(heard.checkpoints).hasSize(4);
    long before = 0;
    for (GzipCheckpoint each : heard.checkpoints) {
      assertThat(each.compressed() - before).isBetween(200_000L, 270_000L);
      before = each.compressed();
    }
    Heard none = new Heard(0);
    new GunzipStream(new ByteArrayInputStream(file), null, Long.MAX_VALUE, none).readAllBytes();
    assertThat(none.checkpoints).isEmpty();
  }

  @Test
  void whatIsNoPlaceInAFileIsRefused() {
    byte[] window = new byte[5];
    assertThat(new GzipCheckpoint(20, 7, 5, 0, 5, window).bits()).isEqualTo(7);
    assertThatThrownBy(() -> new GzipCheckpoint(-1, 7, 5, 0, 5, window))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("byte -1");
    assertThatThrownBy(() -> new GzipCheckpoint(20, 8, 5, 0, 5, window))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GzipCheckpoint(20, 7, 4, 0, 5, window))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GzipCheckpoint(20, 7, 6, 0, 6, window))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
