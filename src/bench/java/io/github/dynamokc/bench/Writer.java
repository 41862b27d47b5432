package io.github.dynamokc.bench;

import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Writes new items to a stream at a steady rate. The gaps vary by half, so that no rhythm of
 * reading happens to fit them. The same in each run.
 */
final class Writer {
  private final ScriptedStream stream;
  private final SplittableRandom random = new SplittableRandom(11);
  private int written;

  Writer(ScriptedStream stream) {
    this.stream = stream;
  }

  /**
   * Comes back after the last write.
   *
   * @param shards gives the shard of each write, by its number
   */
  void write(double perSecond, int writes, IntFunction<String> shards) throws InterruptedException {
    double gap = 1e9 / perSecond;
    long start = System.nanoTime();
    double due = 0;
    for (int i = 0; i < writes; i++) {
      due += gap * random.nextDouble(0.5, 1.5);
      Lab.pauseUntil(start + (long) due);
      write(shards.apply(i));
    }
  }

  void write(String shard) {
    String id = new ItemId(written, System.nanoTime()).text();
    stream.append(shard, ScriptedChange.insert(Items.key(id), Items.item(id)));
    written++;
  }

  int written() {
    return written;
  }
}
