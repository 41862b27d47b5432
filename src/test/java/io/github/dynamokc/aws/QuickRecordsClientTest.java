package io.github.dynamokc.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.LoopbackServer.Answer;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.testing.HeardRequests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;

/** The short way of GetRecords asks the same and hides nothing. */
@Timeout(60)
class QuickRecordsClientTest {
  private static final Answer RECORDS = new Answer(200, "{\"Records\":[]}");

  private final Queue<Answer> answers = new ArrayDeque<>();
  private final HeardRequests heard = new HeardRequests();
  private final LoopbackServer server = new LoopbackServer(request -> next());

  private synchronized Answer next() {
    Answer answer = answers.poll();
    return answer == null ? RECORDS : answer;
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theShortWayAsksWhatTheSdkAsks() {
    try (SdkAwsClients aws = aws()) {
      assertThat(records(aws, "first")).isEqualTo(RECORDS.body());
      assertThat(records(aws, "second|==")).isEqualTo(RECORDS.body());
    }
    LoopbackServer.Request sdks = server.requests().get(0);
    LoopbackServer.Request quick = server.requests().get(1);

    assertThat(quick.headers()).as("it was the short way").doesNotContainKey("amz-sdk-request");
    assertThat(sdks.headers()).containsKey("amz-sdk-request");
    assertThat(quick.body()).isEqualTo("{\"ShardIterator\":\"second|==\"}");
    assertThat(sdks.body()).isEqualTo("{\"ShardIterator\":\"first\"}");
    assertThat(quick.method()).isEqualTo(sdks.method());
    assertThat(quick.uri()).isEqualTo(sdks.uri());
    for (String same :
        List.of("host", "content-type", "x-amz-target", "user-agent", "x-amz-security-token")) {
      assertThat(quick.header(same)).as(same).isEqualTo(sdks.header(same)).isNotEmpty();
    }
    assertThat(quick.header("authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDSTATIC/")
        .contains("/eu-west-1/dynamodb/aws4_request");
    assertThat(heard.statuses()).containsExactly(200, 200);
  }

  @Test
  void aFailureIsTheSdksToTell() {
    try (SdkAwsClients aws = aws()) {
      records(aws, "first");
      Answer expired = new Answer(400, "{\"__type\":\"com.amazonaws.x#ExpiredIteratorException\"}");
      answers.addAll(List.of(expired, expired));

      assertThatThrownBy(() -> records(aws, "second"))
          .extracting(AwsErrorKind::of)
          .isEqualTo(AwsErrorKind.ITERATOR_EXPIRED);
    }
    assertThat(heard.statuses()).containsExactly(200, 400, 400);
  }

  @Test
  void afterAFailureTheSdkMakesTheCallsForAWhile() {
    try (SdkAwsClients aws = aws()) {
      records(aws, "first");
      answers.add(new Answer(500, "{}"));
      assertThat(records(aws, "second")).isEqualTo(RECORDS.body());
      records(aws, "third");
    }

    assertThat(server.requests().stream().map(r -> r.headers().containsKey("amz-sdk-request")))
        .containsExactly(true, false, true, true);
  }

  @Test
  void aHangingCallEndsInTime() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean hangs = new AtomicBoolean();
    try (LoopbackServer hanging =
            new LoopbackServer(
                request -> {
                  await(hangs.get() ? never : new CountDownLatch(0));
                  return RECORDS;
                });
        SdkAwsClients aws = aws(hanging, "aws.api.call.timeout.ms", "1000")) {
      records(aws, "first");
      hangs.set(true);
      long start = System.nanoTime();
      assertThatThrownBy(() -> records(aws, "second"))
          .extracting(AwsErrorKind::of)
          .isEqualTo(AwsErrorKind.NETWORK);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(hanging.requests()).hasSizeGreaterThan(2);
      never.countDown();
    }
  }

  @Test
  void withoutRetriesEachCallIsTheSdks() {
    try (SdkAwsClients aws = aws(server, "aws.retries.max", "0")) {
      records(aws, "first");
      records(aws, "second");
    }

    assertThat(server.requests())
        .hasSize(2)
        .allMatch(request -> request.headers().containsKey("amz-sdk-request"));
  }

  @Test
  void anAnswerForTheSdkIsTheSdks() {
    try (SdkAwsClients aws = aws()) {
      records(aws, "first");
      aws.streams().getRecords(get -> get.shardIterator("second"));
      records(aws, "with \"quotes\"");
    }

    assertThat(server.requests())
        .hasSize(3)
        .allMatch(request -> request.headers().containsKey("amz-sdk-request"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String records(SdkAwsClients aws, String iterator) {
    RawResponse raw = new RawResponse();
    aws.streams()
        .getRecords(
            GetRecordsRequest.builder()
                .shardIterator(iterator)
                .overrideConfiguration(
                    RequestListener.of(heard)
                        .andThen(o -> o.putExecutionAttribute(RawResponse.ATTRIBUTE, raw)))
                .build());
    return new String(raw.body(), StandardCharsets.UTF_8);
  }

  private SdkAwsClients aws() {
    return aws(server);
  }

  private static SdkAwsClients aws(LoopbackServer endpoint, String... keysAndValues) {
    Map<String, String> props = new HashMap<>();
    props.put("name", "test");
    props.put("tables", "orders");
    props.put("export.s3.bucket", "exports");
    props.put("aws.access.key.id", "AKIDSTATIC");
    props.put("aws.secret.access.key", "secret");
    props.put("aws.session.token", "my-token");
    props.put("aws.dynamodb.streams.endpoint", endpoint.url());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      props.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return SdkAwsClients.create(ConnectorConfig.from(props).aws(), "eu-west-1");
  }
}
