package io.github.dynamokc.testing;

import io.github.dynamokc.testing.aws.TestTables;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Puts, overwrites and deletes items of tables on a thread of its own, until it is closed. An item
 * counts in {@code n} how often it was put, as {@link Steps} wants it; its key is {@code pk}.
 */
public final class TableWriter implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(3);
  private static final int ONE_IN_SO_MANY_IS_DELETED = 4;

  private final TestTables aws;
  private final List<String> tables;
  private final int keys;
  private final Random random;
  private final Map<String, Integer> steps = new HashMap<>();
  private final CompletableFuture<Void> done;
  private volatile boolean closed;

  private TableWriter(TestTables aws, List<String> tables, int keys, Random random) {
    this.aws = aws;
    this.tables = tables;
    this.keys = keys;
    this.random = random;
    for (String table : tables) {
      aws.putAll(table, IntStream.range(0, keys).mapToObj(key -> next(table, key)).toList());
    }
    this.done = CompletableFuture.runAsync(this::write);
  }

  /** Puts each item of each table once, and goes on from there on the other thread. */
  public static TableWriter start(List<String> tables, int keys, Random random) {
    return start(EndToEnd.aws().tables(), tables, keys, random);
  }

  /** The same in another AWS than that of all tests. */
  public static TableWriter start(TestTables aws, List<String> tables, int keys, Random random) {
    return new TableWriter(aws, tables, keys, random);
  }

  private void write() {
    while (!closed) {
      String table = tables.get(random.nextInt(tables.size()));
      int key = random.nextInt(keys);
      if (random.nextInt(ONE_IN_SO_MANY_IS_DELETED) == 0) {
        aws.delete(table, key(key));
      } else {
        aws.put(table, next(table, key));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private Map<String, AttributeValue> next(String table, int key) {
    Map<String, AttributeValue> item = new HashMap<>(key(key));
    int step = steps.merge(table + " " + key, 1, Integer::sum);
    item.put("n", AttributeValue.fromN(Integer.toString(step)));
    return item;
  }

  private static Map<String, AttributeValue> key(int key) {
    return Map.of("pk", AttributeValue.fromS("k" + key));
  }

  /** Ends the writing; throws if any write has failed. */
  @Override
  public void close() {
    closed = true;
    done.join();
  }
}
