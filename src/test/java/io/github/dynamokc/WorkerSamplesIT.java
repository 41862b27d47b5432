package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Steps;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.PluginPath;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Workers and connectors that are started from the samples, with what is of this machine changed.
 */
@Tag("full")
class WorkerSamplesIT {
  private static final Path SAMPLES = Path.of("config");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path directory = WorkDirectory.fresh("worker-samples");

  @Test
  void aDistributedWorkerRunsTheSampleOfATable() throws IOException {
    String table = "sample-distributed";
    createWithOneItem(table);
    Map<String, String> config =
        new ObjectMapper()
            .readValue(
                SAMPLES.resolve("connectors/single-table.json").toFile(),
                new TypeReference<LinkedHashMap<String, String>>() {});
    config.putAll(ofThisMachine(table));
    try (ConnectWorker worker =
            worker("connect-distributed.properties")
                .set("offset.storage.replication.factor", "1")
                .set("config.storage.replication.factor", "1")
                .set("status.storage.replication.factor", "1")
                .start();
        TestConnector connector = TestConnector.start(worker, table, config)) {
      connector.awaitStreaming(table);
      put(table, "changed");

      connector.awaitRecords(table, seen -> has(seen, "exported") && has(seen, "changed"));
    }
  }

  @Test
  void aStandaloneWorkerRunsTheSampleAndGoesOnAfterARestart() throws IOException {
    String table = "sample-standalone";
    createWithOneItem(table);
    Path connector = directory.resolve("dynamodb-source.properties");
    Properties config = new Properties();
    try (Reader sample = Files.newBufferedReader(SAMPLES.resolve("dynamodb-source.properties"))) {
      config.load(sample);
    }
    config.putAll(ofThisMachine(table));
    try (Writer writer = Files.newBufferedWriter(connector)) {
      config.store(writer, null);
    }
    try (ConnectWorker worker =
        worker("connect-standalone.properties")
            .set("offset.storage.file.filename", directory.resolve("offsets").toString())
            .startStandalone(connector)) {
      await(table, "exported");
      worker
          .rest()
          .await("dynamodb-source", "follow the stream", PATIENCE, status -> follows(table));
      put(table, "changed");
      await(table, "changed");

      worker.stop();
      put(table, "while it was down");
      worker.restart();
      assertThat(await(table, "while it was down"))
          .as("what was committed does not come again")
          .extracting(TopicRecord::key)
          .containsOnlyOnce(key("changed"));
    }
  }

  private static boolean follows(String table) {
    return EndToEnd.aws().front().requests().stream()
        .filter(request -> request.action().equals("GetRecords"))
        .anyMatch(request -> request.body().toString().contains(table));
  }

  private ConnectWorker.Builder worker(String sample) {
    return ConnectWorker.builder(directory, EndToEnd.kafka().bootstrapServers())
        .onlyThoseOf(SAMPLES.resolve(sample))
        .set("bootstrap.servers", EndToEnd.kafka().bootstrapServers())
        .pluginPath(PluginPath.packaged());
  }

  private static Map<String, String> ofThisMachine(String table) {
    Map<String, String> config = EndToEnd.config(2, table);
    config.remove("tasks.max");
    return config;
  }

  private static void createWithOneItem(String table) {
    EndToEnd.aws().tables().create(table, string("pk"));
    put(table, "exported");
  }

  private static void put(String table, String pk) {
    EndToEnd.aws().tables().put(table, Map.of("pk", AttributeValue.fromS(pk)));
  }

  private static List<TopicRecord> await(String table, String pk) {
    return Steps.await(table, PATIENCE, seen -> has(seen, pk));
  }

  private static boolean has(List<TopicRecord> records, String pk) {
    return records.stream().anyMatch(record -> key(pk).equals(record.key()));
  }

  private static String key(String pk) {
    return "{\"pk\":\"" + pk + "\"}";
  }
}
