package io.github.dynamokc.aws;

import io.github.dynamokc.config.AwsConfig;
import io.github.dynamokc.config.ProxyConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.config.types.Password;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/**
 * Makes the HTTP clients. S3 has one of its own: a data file holds its connection for as long as
 * Kafka takes its records, and calls to a stream must not wait for that.
 */
final class HttpClients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /**
   * For DynamoDB, Streams and STS, whose calls are short: the most of stream.poll.threads (64), and
   * as many for tables that are prepared or observed, each of which has one call under way. When
   * there are more, a call waits for another one's end, which is near.
   */
  private static final int MAX_CALLS = 128;

  /**
   * For S3: the most of export.file.concurrency (64), which is for all tables of a task together,
   * so that no data file waits for another one's end; and some for the manifests that a monitor
   * reads, which are short.
   */
  private static final int MAX_FILES = 80;

  private HttpClients() {}

  /** For DynamoDB, Streams and STS. */
  static SdkHttpClient forCalls(AwsConfig config) {
    return create(config, MAX_CALLS);
  }

  /** For S3. */
  static SdkHttpClient forFiles(AwsConfig config) {
    return create(config, MAX_FILES);
  }

  private static SdkHttpClient create(AwsConfig config, int connections) {
    return Apache5HttpClient.builder()
        .maxConnections(connections)
        .connectionTimeout(Collections.min(List.of(CONNECT_TIMEOUT, config.apiCallTimeout())))
        .socketTimeout(config.apiCallTimeout())
        .tcpKeepAlive(true)
        .proxyConfiguration(proxy(config))
        .build();
  }

  /** Only what is configured counts. The JVM's properties and environment are the worker's own. */
  private static ProxyConfiguration proxy(AwsConfig config) {
    ProxyConfiguration.Builder builder =
        ProxyConfiguration.builder()
            .useSystemPropertyValues(false)
            .useEnvironmentVariableValues(false);
    ProxyConfig proxy = config.proxy();
    if (proxy != null) {
      builder.endpoint(proxy.address());
      String user = proxy.user();
      if (user != null) {
        Password password = proxy.password();
        builder
            .username(user)
            .password(password == null ? "" : password.value())
            .preemptiveBasicAuthenticationEnabled(true);
      }
    }
    return builder.build();
  }
}
