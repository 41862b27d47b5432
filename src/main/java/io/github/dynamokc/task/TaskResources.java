package io.github.dynamokc.task;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.stream.StreamApis;
import io.github.dynamokc.stream.Timing;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * What a task does not make itself: AWS, what time it is, by how much waits differ.
 *
 * @param nanoTime as {@link System#nanoTime()}, for what is due and how long it takes
 * @param retries how long a table that has failed waits
 */
record TaskResources(
    AwsClients aws,
    StreamApis streams,
    Timing timing,
    LongSupplier nanoTime,
    TableRetries retries) {
  TaskResources(AwsClients aws, StreamApis streams, Timing timing, LongSupplier nanoTime) {
    this(aws, streams, timing, nanoTime, TableRetries.USUAL);
  }

  static TaskResources create(ConnectorConfig config) {
    AwsClients aws = SdkAwsClients.create(config.aws(), config.region());
    return new TaskResources(
        aws, StreamApis.of(aws), new Timing(aws.clock(), new Random()), System::nanoTime);
  }
}
