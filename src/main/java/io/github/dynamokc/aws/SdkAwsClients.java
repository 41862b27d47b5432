package io.github.dynamokc.aws;

import io.github.dynamokc.concurrent.PluginClassLoader;
import io.github.dynamokc.config.AwsConfig;
import io.github.dynamokc.config.EndpointsConfig;
import io.github.dynamokc.config.RoleConfig;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The AWS clients of one connector or one task, with one set of credentials; over one HTTP client,
 * and S3 over another one. For several threads.
 *
 * <p>A call to DynamoDB, Streams, STS or the tagging API ends within {@code
 * aws.api.call.timeout.ms}, retries included. A call to S3 has no such limit, because reading a
 * large body takes as long as it takes; there the limit is on each wait for more bytes.
 */
public final class SdkAwsClients implements AwsClients {
  private final AwsConfig config;
  private final Region region;
  private final CloseStack opened = new CloseStack();
  private final Map<Region, S3Client> s3Clients = new HashMap<>();
  private final ScheduledThreadPoolExecutor timeouts;
  private final SdkHttpClient http;
  private final SdkHttpClient httpForFiles;
  private final AwsClock clock;
  private final AwsCredentialsProvider own;
  private final AwsCredentialsProvider credentials;
  private final DynamoDbClient dynamoDb;
  private final DynamoDbStreamsClient streams;
  private @Nullable ResourceGroupsTaggingApiClient tagging;
  private boolean closed;

  private SdkAwsClients(AwsConfig config, Region region, InstantSource local) {
    this.config = config;
    this.region = region;
    this.clock = new AwsClock(local);
    boolean complete = false;
    try {
      timeouts = opened.add(timeouts(), ScheduledThreadPoolExecutor::shutdownNow);
      http = opened.add(HttpClients.forCalls(config));
      httpForFiles = opened.add(HttpClients.forFiles(config));
      own = own();
      credentials = new Shared(credentials());
      dynamoDb =
          opened.add(
              client(
                      DynamoDbClient.builder(),
                      config.endpoints().dynamoDb(),
                      credentials,
                      withTimeout().toBuilder()
                          .addExecutionInterceptor(clock.interceptor())
                          .build())
                  .accountIdEndpointMode(AccountIdEndpointMode.DISABLED)
                  .build());
      streams = streams(local);
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  /**
   * Makes the clients. Calls no AWS service, except that the SDK's default region may be asked of
   * the machine.
   *
   * @param region the region of the tables; null leaves it to {@code aws.region}, then to the SDK's
   *     default
   * @throws InvalidSettingException naming the key, if there is no region or the credentials
   *     provider class cannot be used
   */
  public static SdkAwsClients create(AwsConfig config, @Nullable String region) {
    return create(config, region, InstantSource.system());
  }

  /**
   * The same.
   *
   * @param local what time it is on the worker
   */
  static SdkAwsClients create(AwsConfig config, @Nullable String region, InstantSource local) {
    return PluginClassLoader.call(() -> new SdkAwsClients(config, region(config, region), local));
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  /**
   * Finds the credentials that calls are made with, those of a role aside.
   *
   * @throws RuntimeException of the provider, if there are none
   */
  public void findCredentials() {
    own.resolveCredentials();
  }

  /**
   * Assumes the role, if there is one.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if STS refuses or cannot be reached
   */
  public void assumeRole() {
    credentials.resolveCredentials();
  }

  @Override
  public DynamoDbClient dynamoDb() {
    return dynamoDb;
  }

  @Override
  public DynamoDbStreamsClient streams() {
    return streams;
  }

  @Override
  public synchronized S3Client s3(@Nullable String bucketRegion) {
    checkOpen();
    return s3Clients.computeIfAbsent(
        bucketRegion == null ? region : Region.of(bucketRegion), this::s3In);
  }

  @Override
  public synchronized ResourceGroupsTaggingApiClient tagging() {
    checkOpen();
    if (tagging == null) {
      tagging = PluginClassLoader.call(this::openTagging);
    }
    return tagging;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("The AWS clients are closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    opened.close();
  }

  private S3Client s3In(Region bucketRegion) {
    EndpointsConfig endpoints = config.endpoints();
    return PluginClassLoader.call(
        () ->
            opened.add(
                client(S3Client.builder(), endpoints.s3(), credentials, overrides().build())
                    .httpClient(httpForFiles)
                    .region(bucketRegion)
                    .forcePathStyle(endpoints.s3PathStyle())
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .build()));
  }

  private ResourceGroupsTaggingApiClient openTagging() {
    return opened.add(
        client(
                ResourceGroupsTaggingApiClient.builder(),
                config.endpoints().tagging(),
                credentials,
                withTimeout())
            .build());
  }

  private DynamoDbStreamsClient streams(InstantSource local) {
    QuickRecordsClient.Learnt learnt = new QuickRecordsClient.Learnt();
    DynamoDbStreamsClient sdk =
        opened.add(
            client(
                    DynamoDbStreamsClient.builder(),
                    config.endpoints().streams(),
                    credentials,
                    withTimeout().toBuilder()
                        .addExecutionInterceptor(clock.interceptor())
                        .addExecutionInterceptor(new RawResponse.Interceptor())
                        .addExecutionInterceptor(learnt)
                        .build())
                .build());
    return config.retriesMax() == 0
        ? sdk
        : new QuickRecordsClient(
            sdk, learnt, http, credentials, clock, local, config.apiCallTimeout(), timeouts);
  }

  private AwsCredentialsProvider own() {
    AwsCredentialsProvider created = Credentials.create(config.credentials());
    if (created instanceof AutoCloseable closeable) {
      opened.add(closeable);
    }
    return created;
  }

  private AwsCredentialsProvider credentials() {
    RoleConfig role = config.role();
    if (role == null) {
      return own;
    }
    StsClient sts =
        opened.add(
            client(StsClient.builder(), config.endpoints().sts(), new Shared(own), withTimeout())
                .build());
    return opened.add(Credentials.assume(role, sts));
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B client(
      B builder,
      @Nullable URI endpoint,
      AwsCredentialsProvider provider,
      ClientOverrideConfiguration overrides) {
    builder
        .httpClient(http)
        .region(region)
        .credentialsProvider(provider)
        .overrideConfiguration(overrides);
    return endpoint == null ? builder : builder.endpointOverride(endpoint);
  }

  private ClientOverrideConfiguration withTimeout() {
    Duration timeout = config.apiCallTimeout();
    return overrides()
        .apiCallTimeout(timeout)
        // One attempt that hangs leaves time for another.
        .apiCallAttemptTimeout(config.retriesMax() == 0 ? timeout : timeout.dividedBy(2))
        .build();
  }

  private ClientOverrideConfiguration.Builder overrides() {
    return ClientOverrideConfiguration.builder()
        .scheduledExecutorService(timeouts)
        .addExecutionInterceptor(new RequestListener.Interceptor())
        .retryStrategy(
            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(config.retriesMax() + 1)
                .build());
  }

  private static ScheduledThreadPoolExecutor timeouts() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, PluginClassLoader.threads("dynamokc-aws-timeouts"));
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  private static Region region(AwsConfig config, @Nullable String region) {
    if (region != null) {
      return Region.of(region);
    }
    String configured = config.region();
    try {
      return configured == null
          ? DefaultAwsRegionProviderChain.builder().build().getRegion()
          : Region.of(configured);
    } catch (SdkClientException e) {
      throw new InvalidSettingException(
          AwsConfig.REGION,
          null,
          "is required: neither the tables' ARNs nor the worker's environment name a region");
    }
  }

  /**
   * SDK clients close a provider that can be closed. Hides that from them: we close it, after all
   * of them.
   */
  private record Shared(AwsCredentialsProvider provider) implements AwsCredentialsProvider {
    @Override
    public AwsCredentials resolveCredentials() {
      return provider.resolveCredentials();
    }
  }
}
