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

/** Makes the one HTTP client that all SDK clients share. */
final class HttpClients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /**
   * The most of stream.poll.threads and of export.file.concurrency together, and some for the rest.
   */
  private static final int MAX_CONNECTIONS = 160;

  private HttpClients() {}

  static SdkHttpClient create(AwsConfig config) {
    return Apache5HttpClient.builder()
        .maxConnections(MAX_CONNECTIONS)
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
