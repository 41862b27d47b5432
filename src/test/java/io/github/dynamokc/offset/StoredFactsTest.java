package io.github.dynamokc.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.offset.Facts.Fact;
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
class StoredFactsTest {
  @Property
  void aFactComesBackFromTheOffsetsTopic(@ForAll("facts") Fact fact) {
    byte[] key = StoredFacts.key(fact.partition().toConnect());
    byte[] value = StoredFacts.value(fact.offset().toConnect());
    SourcePartition partition = SourcePartition.fromConnect(StoredFacts.partition(key));
    assertThat(partition).isEqualTo(fact.partition());
    assertThat(SourceOffset.fromConnect(partition, StoredFacts.offset(value)))
        .isEqualTo(fact.offset());
  }

  @Property
  void aPartitionHasTheSameBytesAfterConnectHasParsedIt(@ForAll("facts") Fact fact) {
    byte[] key = StoredFacts.key(fact.partition().toConnect());
    assertThat(StoredFacts.key(StoredFacts.partition(key))).isEqualTo(key);
  }

  @Provide
  Arbitrary<Fact> facts() {
    return Facts.any();
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
                StoredFacts.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String printed = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(jvm.waitFor()).isZero();
      assertThat(printed).isEqualTo(StoredFacts.hexKeys());
    } finally {
      jvm.destroyForcibly();
    }
  }
}
