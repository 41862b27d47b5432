package io.github.dynamokc.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.dynamodb.model.ListStreamsRequest;
import software.amazon.awssdk.services.dynamodb.model.ListStreamsResponse;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * A client of DynamoDB Streams that asks for records on a short way: an idle worker does nothing
 * else, thousands of times a second, and most of the time the SDK takes for a call goes into what
 * such a call does not need. The short way signs, sends and takes the body, no more.
 *
 * <p>It never decides what a failure is. Whatever is not a whole body with status 200 is forgotten,
 * and the SDK makes the call anew, with its retries, its limits of time and its exceptions; for a
 * while after that it makes all calls. To read the same iterator twice does no harm. What a request
 * looks like (address, headers, region of the signature) is what the SDK sent when a call of its
 * own succeeded, which is why the first one is always the SDK's.
 *
 * <p>Only requests with a {@link RawResponse} go that way. Thread-safe.
 */
final class QuickRecordsClient implements DynamoDbStreamsClient {
  private static final Pattern SIGNATURE =
      Pattern.compile("AWS4-HMAC-SHA256 Credential=[^/]+/\\d{8}/([^/]+)/([^/]+)/aws4_request,.*");

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration LONGEST_CHECK = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(10);
  private static final GetRecordsResponse ANSWERED = GetRecordsResponse.builder().build();

  private final DynamoDbStreamsClient sdk;
  private final Learnt learnt;
  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final AwsClock clock;
  private final InstantSource local;
  private final Duration timeout;
  private final Future<?> checks;

  /** When the short way may be taken again, as {@link System#nanoTime()} since the start. */
  private final AtomicLong usableAt = new AtomicLong();

  private final long start = System.nanoTime();

  /** The requests under way, with the time when each is given up. */
  private final Map<ExecutableHttpRequest, Long> underWay = new ConcurrentHashMap<>();

  /** What a request looks like that AWS answers. Registered with the SDK's client. */
  static final class Learnt implements ExecutionInterceptor {
    private final AtomicReference<@Nullable Form> form = new AtomicReference<>();

    @Override
    public void afterTransmission(
        Context.AfterTransmission context, ExecutionAttributes attributes) {
      if (form.get() == null
          && context.request() instanceof GetRecordsRequest
          && context.httpResponse().isSuccessful()) {
        form.set(Form.of(context.httpRequest()));
      }
    }
  }

  /** All of a request but its body and what is made of that. */
  private record Form(SdkHttpRequest request, QuickSignature signature) {
    /** Null if it is another one than those of DynamoDB are. */
    static @Nullable Form of(SdkHttpRequest sent) {
      Matcher signature = SIGNATURE.matcher(header(sent, "Authorization"));
      boolean plain = sent.encodedPath().equals("/") && sent.rawQueryParameters().isEmpty();
      if (!signature.matches() || !plain || sent.method() != SdkHttpMethod.POST) {
        return null;
      }
      return new Form(
          SdkHttpRequest.builder()
              .method(sent.method())
              .uri(sent.getUri())
              .putHeader("User-Agent", header(sent, "User-Agent"))
              .build(),
          new QuickSignature(
              header(sent, "Host"),
              header(sent, "Content-Type"),
              header(sent, "X-Amz-Target"),
              signature.group(1),
              signature.group(2)));
    }

    private static String header(SdkHttpRequest request, String name) {
      return request.firstMatchingHeader(name).orElse("");
    }
  }

  /**
   * @param sdk with {@code learnt} registered
   * @param http that {@code sdk} uses
   * @param local what time it is on the worker
   * @param timeout for a call as a whole
   * @param timer looks after the requests that take too long; not closed by this
   */
  QuickRecordsClient(
      DynamoDbStreamsClient sdk,
      Learnt learnt,
      SdkHttpClient http,
      AwsCredentialsProvider credentials,
      AwsClock clock,
      InstantSource local,
      Duration timeout,
      ScheduledExecutorService timer) {
    this.sdk = sdk;
    this.learnt = learnt;
    this.http = http;
    this.credentials = credentials;
    this.clock = clock;
    this.local = local;
    this.timeout = timeout;
    long every = Math.max(1, Math.min(LONGEST_CHECK.toMillis(), timeout.toMillis() / 20));
    this.checks =
        timer.scheduleWithFixedDelay(this::giveUpLateOnes, every, every, TimeUnit.MILLISECONDS);
  }

  @Override
  public GetRecordsResponse getRecords(GetRecordsRequest request) {
    Form form = learnt.form.get();
    ExecutionAttributes attributes =
        request
            .overrideConfiguration()
            .map(AwsRequestOverrideConfiguration::executionAttributes)
            .orElse(null);
    byte[] body = body(request);
    long begun = now();
    if (form == null || attributes == null || body == null || begun < usableAt.get()) {
      return sdk.getRecords(request);
    }
    RawResponse raw = attributes.getAttribute(RawResponse.ATTRIBUTE);
    if (raw == null) {
      return sdk.getRecords(request);
    }
    if (answers(form, body, raw, RequestListener.in(attributes), begun)) {
      return ANSWERED;
    }
    usableAt.set(now() + PAUSE_AFTER_FAILURE.toNanos());
    Duration left = timeout.minusNanos(now() - begun);
    return sdk.getRecords(within(left.compareTo(LEAST) < 0 ? LEAST : left, request));
  }

  private static GetRecordsRequest within(Duration left, GetRecordsRequest request) {
    AwsRequestOverrideConfiguration.Builder overrides =
        request
            .overrideConfiguration()
            .map(AwsRequestOverrideConfiguration::toBuilder)
            .orElseGet(AwsRequestOverrideConfiguration::builder);
    return request.toBuilder()
        .overrideConfiguration(overrides.apiCallTimeout(left).build())
        .build();
  }

  /** Null if it is not as simple as iterators are. */
  private static byte @Nullable [] body(GetRecordsRequest request) {
    String iterator = request.shardIterator();
    if (iterator == null || request.limit() != null) {
      return null;
    }
    for (int i = 0; i < iterator.length(); i++) {
      char next = iterator.charAt(i);
      if (next < ' ' || next > '~' || next == '"' || next == '\\') {
        return null;
      }
    }
    return ("{\"ShardIterator\":\"" + iterator + "\"}").getBytes(StandardCharsets.US_ASCII);
  }

  private boolean answers(
      Form form, byte[] body, RawResponse raw, @Nullable RequestListener listener, long begun) {
    ExecutableHttpRequest request = null;
    try {
      ContentStreamProvider content = () -> new ByteArrayInputStream(body);
      SdkHttpRequest.Builder signed = form.request().toBuilder();
      // AWS wants signatures to be of its own time.
      form.signature().sign(signed, body, credentials.resolveCredentials(), clock.instant());
      request =
          http.prepareRequest(
              HttpExecuteRequest.builder()
                  .request(signed.build())
                  .contentStreamProvider(content)
                  .build());
      underWay.put(request, begun + timeout.toNanos() / 2);
      return answers(request, raw, listener);
    } catch (IOException | RuntimeException e) {
      // The SDK meets the same, and says what it is.
      return false;
    } finally {
      if (request != null) {
        underWay.remove(request);
      }
    }
  }

  private boolean answers(
      ExecutableHttpRequest request, RawResponse raw, @Nullable RequestListener listener)
      throws IOException {
    if (listener != null) {
      listener.sent();
    }
    Instant sent = local.instant();
    HttpExecuteResponse answer = request.call();
    SdkHttpResponse response = answer.httpResponse();
    clock.answered(response.firstMatchingHeader("Date").orElse(null), sent, local.instant());
    if (listener != null) {
      listener.answered(response.statusCode());
    }
    byte[] bytes;
    try (InputStream in = answer.responseBody().orElseThrow()) {
      bytes = RawResponse.read(in, response);
    }
    return response.statusCode() == 200 && raw.take(bytes, response);
  }

  private void giveUpLateOnes() {
    long now = now();
    underWay.forEach(
        (request, limit) -> {
          if (now > limit) {
            request.abort();
          }
        });
  }

  private long now() {
    return System.nanoTime() - start;
  }

  @Override
  public DescribeStreamResponse describeStream(DescribeStreamRequest request) {
    return sdk.describeStream(request);
  }

  @Override
  public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
    return sdk.getShardIterator(request);
  }

  @Override
  public ListStreamsResponse listStreams(ListStreamsRequest request) {
    return sdk.listStreams(request);
  }

  @Override
  public String serviceName() {
    return sdk.serviceName();
  }

  @Override
  public void close() {
    checks.cancel(false);
    sdk.close();
  }
}
