package io.github.dynamokc.demo;

import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.kafka.ConnectRest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The connector is away while the tables are written to, until their streams have forgotten that.
 * Hours pass at once, as the embedded AWS has a time of its own.
 */
final class Absence {
  /** How long the connector is away; a stream keeps changes for 24 hours. */
  static final Duration AWAY = Duration.ofHours(30);

  /** How long the connector holds a stream before it repairs a gap: the default. */
  static final Duration HOLD = Duration.ofMinutes(5);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration WRITING = Duration.ofSeconds(1);

  private final Servers servers;
  private final String connector;

  Absence(Servers servers, String connector) {
    this.servers = servers;
    this.connector = connector;
  }

  /**
   * Stops the connector when it has read all there is. DynamoDB Local dates changes by whole
   * minutes, so that up to when a shard is read is exact only after reads without a change.
   */
  void begin() {
    long now = aws().time().millis();
    Eventually.within(PATIENCE, "the streams to be read on").until(() -> isReadUpTo(now));
    rest().stop(connector);
    rest()
        .await(
            connector,
            "stop",
            PATIENCE,
            status -> status.state().equals("STOPPED") && status.tasks().isEmpty());
    aws().time().advance(Duration.ofMinutes(2));
  }

  private boolean isReadUpTo(long timeMs) {
    return rest().offsets(connector).entrySet().stream()
        .filter(offset -> offset.getKey().path("kind").asText().equals("shard"))
        .filter(offset -> !offset.getValue().path("done").asBoolean())
        .allMatch(offset -> offset.getValue().path("readUpTo").asLong() > timeMs);
  }

  /** Writes to the tables for a moment; gives what was written. */
  String write(List<DemoTable> tables, Duration betweenChanges, long seed) {
    try (Traffic traffic = Traffic.start(aws(), tables, betweenChanges, seed)) {
      LockSupport.parkNanos(WRITING.toNanos());
      return traffic.summary();
    }
  }

  /** Lets the streams forget, and starts the connector. */
  void end() {
    aws().time().advance(AWAY);
    rest().resume(connector);
  }

  /** Lets the hold pass. */
  void passHold() {
    aws().time().advance(HOLD);
  }

  private EmbeddedAws aws() {
    return servers.aws();
  }

  private ConnectRest rest() {
    return servers.worker().rest();
  }
}
