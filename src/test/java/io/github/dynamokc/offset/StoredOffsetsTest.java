package io.github.dynamokc.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.offset.StoredOffsetsFixture.Offset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * Connect finds an offset by the bytes of its partition, written by one JVM and looked up by
 * another, or by one that made the map and one that parsed it.
 */
class StoredOffsetsTest {
  @Property
  void anOffsetComesBackFromTheOffsetsTopic(@ForAll("offsets") Offset offset) {
    byte[] key = StoredOffsets.key(offset.partition().toConnect());
    byte[] value = StoredOffsets.value(offset.offset().toConnect());
    SourcePartition partition = SourcePartition.fromConnect(StoredOffsets.partition(key));
    assertThat(partition).isEqualTo(offset.partition());
    assertThat(SourceOffset.fromConnect(partition, StoredOffsets.offset(value)))
        .isEqualTo(offset.offset());
  }

  @Property
  void aPartitionHasTheSameBytesAfterConnectHasParsedIt(@ForAll("offsets") Offset offset) {
    byte[] key = StoredOffsets.key(offset.partition().toConnect());
    assertThat(StoredOffsets.key(StoredOffsets.partition(key))).isEqualTo(key);
  }

  @Provide
  Arbitrary<Offset> offsets() {
    return StoredOffsetsFixture.any();
  }

  @Test
  void aPartitionHasTheSameBytesInAnotherJvm() throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                StoredOffsets.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String printed = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(jvm.waitFor()).isZero();
      assertThat(printed).isEqualTo(StoredOffsets.hexKeys());
    } finally {
      jvm.destroyForcibly();
    }
  }
}
