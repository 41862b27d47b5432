package io.github.dynamokc.demo;

import io.github.dynamokc.testing.WorkDirectory;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import io.github.dynamokc.testing.kafka.EmbeddedKafka;
import io.github.dynamokc.testing.kafka.PluginPath;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** All that the connector needs around it, each part in a JVM of its own. */
record Servers(Path logs, EmbeddedAws aws, EmbeddedKafka kafka, ConnectWorker worker)
    implements AutoCloseable {

  static Servers start() {
    Path directory = WorkDirectory.fresh("demo");
    CompletableFuture<EmbeddedAws> aws =
        CompletableFuture.supplyAsync(() -> EmbeddedAws.start(directory));
    EmbeddedKafka kafka = EmbeddedKafka.start(directory);
    try {
      ConnectWorker worker =
          ConnectWorker.builder(directory, kafka.bootstrapServers())
              .pluginPath(PluginPath.packaged())
              .start();
      try {
        return new Servers(directory, aws.join(), kafka, worker);
      } catch (RuntimeException e) {
        worker.close();
        throw e;
      }
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  @Override
  public void close() {
    worker.close();
    kafka.close();
    aws.close();
  }
}
