package io.github.dynamokc.bench;

import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** A connector that fills a topic of 3 partitions from its first record to the last. */
final class Load implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final String topic;
  private final KeyReader reader;
  private final BenchConnector connector;
  private final WorkerCost cost;
  private final long first;
  private final long there;

  private Load(String topic, KeyReader reader, BenchConnector connector, WorkerCost cost) {
    this.topic = topic;
    this.reader = reader;
    this.connector = connector;
    this.cost = cost;
    this.first = System.nanoTime();
    this.there = reader.size();
  }

  /**
   * Starts the connector and comes back when its first records are in Kafka.
   *
   * @param topic where the connector writes; also its name
   */
  static Load start(Lab lab, ConnectWorker worker, String topic, Map<String, String> config)
      throws InterruptedException {
    return start(lab, worker, topic, () -> BenchConnector.start(worker, topic, config));
  }

  /**
   * The same for a connector that is started otherwise.
   *
   * @param connector starts it, when its topic is there
   */
  static Load start(Lab lab, ConnectWorker worker, String topic, Supplier<BenchConnector> connector)
      throws InterruptedException {
    lab.kafka().createTopic(topic, 3);
    KeyReader reader = new KeyReader(lab.kafka().bootstrapServers(), topic);
    WorkerCost cost = WorkerCost.start(worker, topic);
    BenchConnector started = connector.get();
    started.await("begin to fill its topic", PATIENCE, () -> reader.size() > 0);
    cost.atWork();
    return new Load(topic, reader, started, cost);
  }

  void awaitAtLeast(long records) throws InterruptedException {
    connector.await("fill its topic", PATIENCE, () -> reader.size() >= records);
  }

  /** Waits for the last of all records; gives how many came in a second since the first. */
  double awaitRecords(long records) throws InterruptedException {
    awaitAtLeast(records);
    double seconds = (System.nanoTime() - first) / 1e9;
    if (reader.size() > records) {
      throw new IllegalStateException(topic + " has more than " + records + " records");
    }
    return (records - there) / seconds;
  }

  /** What the records have cost so far, since the first was in Kafka. */
  WorkerCost.Cost cost() {
    return cost.upToNow();
  }

  @Override
  public void close() {
    connector.close();
    reader.close();
  }
}
