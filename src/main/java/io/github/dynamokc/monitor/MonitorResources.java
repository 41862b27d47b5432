package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.stream.StreamApis;
import java.time.InstantSource;
import java.util.Random;
import java.util.random.RandomGenerator;

/** What a monitor does not make itself: AWS, what time it is, by how much waits differ. */
record MonitorResources(
    AwsClients aws, StreamApis streams, InstantSource clock, RandomGenerator random) {
  static MonitorResources create(ConnectorConfig config) {
    AwsClients aws = SdkAwsClients.create(config.aws(), config.region());
    return new MonitorResources(aws, StreamApis.of(aws), InstantSource.system(), new Random());
  }
}
