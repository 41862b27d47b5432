package io.github.dynamokc.demo;

import io.github.dynamokc.testing.aws.EmbeddedAws;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Somebody who writes to the tables all the time: new items, whole items over old ones, updates of
 * single attributes, deletes, and items that come back after a delete. The same in each run.
 */
final class Traffic implements AutoCloseable {
  private final EmbeddedAws aws;
  private final List<DemoTable> tables;
  private final Duration pause;
  private final RandomGenerator random;
  private final AtomicInteger puts = new AtomicInteger();
  private final AtomicInteger updates = new AtomicInteger();
  private final AtomicInteger deletes = new AtomicInteger();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "traffic");
  private volatile boolean stopped;

  private Traffic(EmbeddedAws aws, List<DemoTable> tables, Duration pause, long seed) {
    this.aws = aws;
    this.tables = tables;
    this.pause = pause;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /**
   * @param pause between two changes
   * @param seed another one makes other changes
   */
  static Traffic start(EmbeddedAws aws, List<DemoTable> tables, Duration pause, long seed) {
    Traffic traffic = new Traffic(aws, tables, pause, seed);
    traffic.thread.start();
    return traffic;
  }

  private void run() {
    try {
      while (!stopped) {
        write(tables.get(random.nextInt(tables.size())));
        LockSupport.parkNanos(pause.toNanos());
      }
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  private void write(DemoTable table) {
    int index = random.nextInt(table.items() * 11 / 10);
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4 -> {
        aws.tables().put(table.name(), table.item(index, random));
        puts.incrementAndGet();
      }
      case 5, 6, 7 -> {
        Map<String, AttributeValue> values =
            Map.of(":now", AttributeValue.fromN(Integer.toString(updates.incrementAndGet())));
        aws.dynamoDb()
            .updateItem(
                request ->
                    request
                        .tableName(table.name())
                        .key(table.key(index))
                        .updateExpression("SET touched = :now REMOVE paid")
                        .expressionAttributeValues(values));
      }
      default -> {
        aws.tables().delete(table.name(), table.key(index));
        deletes.incrementAndGet();
      }
    }
  }

  String summary() {
    return "%,d puts, %,d updates, %,d deletes".formatted(puts.get(), updates.get(), deletes.get());
  }

  /** Comes back when the writing ends by itself, which is a failure that {@link #close} throws. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  /** Ends the writing; throws what it may have met. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RuntimeException met = failure.get();
    if (met != null) {
      throw new IllegalStateException("The demo could not write to its tables", met);
    }
  }
}
