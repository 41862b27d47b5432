package io.github.dynamokc.bench.ready;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** See {@link ReadyConnector}. */
public final class ReadyTask extends SourceTask {
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<List<SourceRecord>> batches = new ArrayList<>();
  private long left;
  private int next;

  @Override
  public void start(Map<String, String> config) {
    List<SourceRecord> records =
        ReadyRecords.read(
            Path.of(config.get(ReadyConnector.FILE)),
            config.get(ReadyConnector.TOPIC),
            Boolean.parseBoolean(config.get(ReadyConnector.BYTES)));
    int batch = Integer.parseInt(config.get(ReadyConnector.BATCH));
    for (int from = 0; from + batch <= records.size(); from += batch) {
      batches.add(List.copyOf(records.subList(from, from + batch)));
    }
    left = Long.parseLong(config.get(ReadyConnector.COUNT));
  }

  @Override
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    if (left == 0) {
      stopped.await(100, TimeUnit.MILLISECONDS);
      return null;
    }
    List<SourceRecord> batch = batches.get(next);
    next = (next + 1) % batches.size();
    int count = (int) Math.min(left, batch.size());
    left -= count;
    return batch.subList(0, count);
  }

  @Override
  public void stop() {
    stopped.countDown();
  }

  @Override
  public String version() {
    return "bench";
  }
}
