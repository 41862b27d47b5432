package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys without effect, by which something else was meant. */
class UnknownKeysTest {

  @ParameterizedTest
  @CsvSource({
    "snapshot.mod, snapshot.mode",
    "snapshot_mode, snapshot.mode",
    "Snapshot.Mode, snapshot.mode",
    "snapshots.mode, snapshot.mode",
    "export.bucket, export.s3.bucket",
    "exports3bucket, export.s3.bucket",
    "stream.poll.interval, stream.poll.interval.ms",
    "aws.acces.key.id, aws.access.key.id",
    "topic.fromat, topic.format",
    "value.fromat, value.format",
    "table, tables",
    "max.queue.byte, max.queue.bytes",
    "struct.registry.uri, struct.registry.url",
    "delete.mod, delete.mode"
  })
  void aSlipIsRefusedWithTheNearestKey(String key, String nearest) {
    assertThat(ConnectorConfig.problems(Props.with(key, "x")))
        .containsExactly(
            new ConfigProblem(
                key, "must be a key of this connector, is not; the nearest one is " + nearest));
  }

  @ParameterizedTest
  @CsvSource({
    "topic.prefix, topic.format",
    "tombstones.on.delete, delete.mode",
    "table.include.list, tables.include",
    "table.exclude.list, tables.exclude",
    "dynamodb.table.discovery.mode, tables.tags",
    "dynamodb.table.tag.filters, tables.tags",
    "dynamodb.table.ingestion.tag.key, tables.tags",
    "dynamodb.table.whitelist, tables",
    "kafka.topic.prefix, topic.format"
  })
  void aKeyOfAnotherConnectorIsRefusedWithWhatToWrite(String key, String instead) {
    assertThat(ConnectorConfig.problems(Props.with(key, "x")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.message()).contains("is one of others").contains(instead);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "connector.class",
        "connector.plugin.version",
        "tasks.max",
        "tasks.max.enforce",
        "key.converter",
        "key.converter.schemas.enable",
        "key.converter.plugin.version",
        "value.converter",
        "value.converter.schema.registry.url",
        "header.converter",
        "config.action.reload",
        "transforms",
        "transforms.a.type",
        "predicates",
        "predicates.a.type",
        "errors.tolerance",
        "errors.log.enable",
        "errors.log.include.messages",
        "errors.retry.timeout",
        "errors.retry.delay.max.ms",
        "topic.creation.groups",
        "topic.creation.default.partitions",
        "exactly.once.support",
        "transaction.boundary",
        "transaction.boundary.interval.ms",
        "offsets.storage.topic",
        "producer.override.batch.size",
        "admin.override.security.protocol",
        "kafka.api.key",
        "kafka.service.account.id",
        "some.platforms.own"
      })
  void keysOfConnectAndOfPlatformsAreLeftAlone(String key) {
    Map<String, String> props = new HashMap<>(Props.with("tables", "orders"));
    props.putIfAbsent(key, "1");
    assertThat(UnknownKeys.problems(props)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.github.dynamokc.config.ConnectorConfigTest#keys")
  void aKeyOfOursIsKnown(String key) {
    assertThat(UnknownKeys.problems(Map.of(key, "1"))).isEmpty();
  }
}
