package io.github.dynamokc.bench;

import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import java.time.Duration;
import java.time.Instant;

/**
 * Fills a scripted stream as a day leaves it behind: lineages of six closed shards and an open one,
 * each of four hours, that roll over one after the other. Each closed shard has a change from just
 * before its end. The ids begin with the time, as those of AWS do.
 */
final class DayOfShards {
  /** How the keys of the history's items begin. */
  static final String HISTORY = "before-";

  private static final int CLOSED = 6;
  private static final Duration LIFE = Duration.ofHours(4);

  private final ScriptedStream stream;
  private int made;

  DayOfShards(ScriptedStream stream) {
    this.stream = stream;
  }

  /** Adds so many lineages, each with one open shard. */
  void add(int lineages) {
    long now = Instant.now().toEpochMilli();
    String[] last = new String[lineages];
    for (int generation = 0; generation <= CLOSED; generation++) {
      for (int lineage = 0; lineage < lineages; lineage++) {
        long age = (CLOSED - generation) * LIFE.toMillis();
        long into = (long) (LIFE.toMillis() * (lineage + 1.0) / (lineages + 1));
        long bornMs = now - age - into;
        String parent = last[lineage];
        String id = id(bornMs);
        stream.addShard(id, parent);
        last[lineage] = id;
        if (generation < CLOSED) {
          String item = HISTORY + made;
          stream.append(
              id,
              ScriptedChange.insert(Items.key(item), Items.key(item))
                  .at((bornMs + LIFE.toMillis()) / 1000 - 1));
          stream.close(id);
        }
      }
    }
  }

  /** Closes a shard and gives the id of its child. */
  String rollOver(String shard) {
    return stream.rollOver(shard, id(Instant.now().toEpochMilli()));
  }

  private String id(long ms) {
    made++;
    return "shardId-%020d-%08x".formatted(ms, made * 0x9E3779B9);
  }
}
