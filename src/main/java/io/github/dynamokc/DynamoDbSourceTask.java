package io.github.dynamokc;

import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.metrics.PluginVersion;
import io.github.dynamokc.task.RunningTask;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** One task. What Connect calls; the work is in {@link RunningTask}. */
public final class DynamoDbSourceTask extends SourceTask {
  private volatile @Nullable RunningTask running;

  /** Called by Connect. */
  public DynamoDbSourceTask() {}

  @Override
  public String version() {
    return PluginVersion.get();
  }

  @Override
  public void start(Map<String, String> props) {
    running =
        RunningTask.start(
            PluginVersion.get(),
            props,
            context.offsetStorageReader(),
            MetricsSink.ofWorker(context));
  }

  @Override
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    RunningTask task = running;
    if (task == null) {
      throw new ConnectException("The task is not started");
    }
    return task.poll();
  }

  /**
   * Called from the producer's thread.
   *
   * @param metadata null for a record that was dropped by a transform or by error tolerance
   */
  @Override
  public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
    RunningTask task = running;
    if (task != null) {
      task.settled(record, metadata != null);
    }
  }

  @Override
  public void stop() {
    RunningTask task = running;
    running = null;
    if (task != null) {
      task.close();
    }
  }
}
