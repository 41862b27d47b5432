package io.github.dynamokc.testing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.WorkDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The harness itself, with the one connector that every worker has. */
@Tag("full")
class ConnectWorkerIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static Path directory;
  private static EmbeddedKafka kafka;
  private static ConnectWorker worker;

  @BeforeAll
  static void start() {
    directory = WorkDirectory.fresh("ConnectWorkerIT");
    kafka = EmbeddedKafka.start(directory);
    worker = ConnectWorker.builder(directory, kafka.bootstrapServers()).exactlyOnce(true).start();
  }

  @AfterAll
  static void stop() {
    try (EmbeddedKafka lastClosed = kafka;
        ConnectWorker firstClosed = worker) {
      assertThat(List.of(lastClosed, firstClosed)).doesNotContainNull();
    }
  }

  @Test
  void theWorkerIsOfTheConfiguredVersion() {
    assertThat(worker.rest().version()).isEqualTo(System.getProperty("kafka.runtime.version"));
  }

  @Test
  void aConnectorGoesOnAfterItsWorkerWasKilled() throws Exception {
    Path file = write("killed.txt", "one\ntwo\n");
    worker.rest().put("killed", fileSource(file, "killed"));
    worker.rest().awaitRunning("killed", 1, SOON);
    try (TopicReader reader = TopicReader.openCommitted(kafka.bootstrapServers(), "killed")) {
      assertThat(reader.until(record -> "two".equals(record.value()), SOON))
          .extracting(TopicRecord::value)
          .containsExactly("one", "two");

      worker.kill();
      Files.writeString(file, "three\n", StandardOpenOption.APPEND);
      assertThat(reader.toEnd()).isEmpty();
      worker.restart();

      assertThat(reader.until(record -> "three".equals(record.value()), SOON))
          .extracting(TopicRecord::value)
          .containsExactly("three");
    }
    worker.rest().awaitRunning("killed", 1, SOON);
    assertThat(worker.rest().tasks("killed").findValuesAsText("topic")).containsExactly("killed");
  }

  @Test
  void offsetsAreCommittedAndCanBeReset() throws Exception {
    Path file = write("offsets.txt", "a\nb\n");
    worker.rest().put("offsets", fileSource(file, "offsets"));
    try (TopicReader reader = TopicReader.open(kafka.bootstrapServers(), "offsets")) {
      reader.until(record -> "b".equals(record.value()), SOON);
      worker.rest().stop("offsets");
      worker.rest().awaitState("offsets", "STOPPED", SOON);

      assertThat(worker.rest().offsets("offsets").values())
          .extracting(offset -> offset.path("position").asLong())
          .containsExactly(4L);
      worker.rest().resetOffsets("offsets");
      assertThat(worker.rest().offsets("offsets")).isEmpty();
      worker.rest().resume("offsets");
      assertThat(reader.until(record -> "b".equals(record.value()), SOON)).hasSize(2);
    }
    worker.rest().delete("offsets");
    assertThatThrownBy(() -> worker.rest().status("offsets"))
        .isInstanceOfSatisfying(RestException.class, e -> assertThat(e.status()).isEqualTo(404));
  }

  @Test
  void aFailedTaskShowsItsTrace() throws Exception {
    Map<String, String> config = fileSource(write("fails.txt", "no number\n"), "fails");
    config.put("transforms", "cast");
    config.put("transforms.cast.type", "org.apache.kafka.connect.transforms.Cast$Value");
    config.put("transforms.cast.spec", "int32");
    worker.rest().put("fails", config);

    assertThat(worker.rest().awaitFailed("fails", SOON).traces()).contains("no number");
    assertThatThrownBy(() -> worker.rest().awaitRunning("fails", 1, SOON))
        .hasMessageContaining("task 0")
        .hasMessageContaining("no number");
  }

  @Test
  void aTopicOutlivesTheBroker() throws Exception {
    worker.rest().put("broker", fileSource(write("broker.txt", "before\n"), "broker"));
    try (TopicReader reader = TopicReader.open(kafka.bootstrapServers(), "broker")) {
      reader.until(record -> "before".equals(record.value()), SOON);
    }

    kafka.pause();
    kafka.resume();
    kafka.kill();
    kafka.restart();

    assertThat(TopicReader.readAll(kafka.bootstrapServers(), "broker"))
        .extracting(TopicRecord::value)
        .contains("before");
    assertThat(TopicReader.readAll(kafka.bootstrapServers(), "no-such-topic")).isEmpty();
  }

  private static Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private static Map<String, String> fileSource(Path file, String topic) {
    Map<String, String> config = new TreeMap<>();
    config.put("connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector");
    config.put("tasks.max", "1");
    config.put("file", file.toString());
    config.put("topic", topic);
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.partitions", "1");
    return config;
  }
}
