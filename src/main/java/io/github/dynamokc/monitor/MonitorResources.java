package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.stream.StreamApis;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a monitor does not make itself: AWS, what time it is, by how much waits differ.
 *
 * @param nanoTime as {@link System#nanoTime()}, for how often something may be asked
 */
record MonitorResources(
    AwsClients aws,
    StreamApis streams,
    InstantSource clock,
    RandomGenerator random,
    LongSupplier nanoTime) {
  static MonitorResources create(ConnectorConfig config) {
    AwsClients aws = SdkAwsClients.create(config.aws(), config.region());
    return new MonitorResources(
        aws, StreamApis.of(aws), aws.clock(), new Random(), System::nanoTime);
  }
}
