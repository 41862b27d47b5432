package io.github.dynamokc.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.LoopbackServer.Answer;
import io.github.dynamokc.config.AwsConfig;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.testing.HeardRequests;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.utils.SdkAutoCloseable;

@Timeout(60)
class SdkAwsClientsTest {
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("user:p@ss".getBytes(StandardCharsets.UTF_8));
  private static final String ROLE = "arn:aws:iam::123456789012:role/reader";

  @Test
  void staticKeysSignTheCallsForTheRegion() {
    try (LoopbackServer server = LoopbackServer.ofTables();
        SdkAwsClients aws = aws(server, "aws.session.token", "my-token")) {
      aws.dynamoDb().listTables();
      LoopbackServer.Request request = server.requests().get(0);
      assertThat(request.header("authorization"))
          .contains("Credential=AKIDSTATIC/")
          .contains("/eu-west-1/dynamodb/");
      assertThat(request.header("x-amz-security-token")).isEqualTo("my-token");
    }
  }

  @Test
  void streamsAndS3HaveTheirOwnEndpointsAndOptionalPathStyle() {
    try (LoopbackServer tables = LoopbackServer.ofTables();
        LoopbackServer streams = new LoopbackServer(r -> new Answer(200, "{\"Streams\":[]}"));
        LoopbackServer s3 = new LoopbackServer(r -> new Answer(200, "0123456789"));
        SdkAwsClients aws =
            aws(
                tables,
                "aws.dynamodb.streams.endpoint",
                streams.url(),
                "aws.s3.endpoint",
                s3.url(),
                "aws.s3.path.style.access",
                "true")) {
      aws.streams().listStreams();
      assertThat(streams.requests().get(0).header("x-amz-target")).endsWith(".ListStreams");
      String body =
          aws.s3("us-east-2")
              .getObjectAsBytes(get -> get.bucket("exports").key("a/b.gz"))
              .asUtf8String();
      assertThat(body).isEqualTo("0123456789");
      LoopbackServer.Request request = s3.requests().get(0);
      assertThat(request.uri()).isEqualTo("/exports/a/b.gz");
      assertThat(request.header("authorization")).contains("/us-east-2/s3/");
      assertThat(request.headers()).doesNotContainKey("x-amz-checksum-mode");
      assertThat(tables.requests()).isEmpty();
    }
  }

  /** The client is of another release than the rest of the SDK. */
  @Test
  void theTaggingApiHasItsOwnEndpointAndOneClient() {
    String answer =
        "{\"ResourceTagMappingList\":[{\"ResourceARN\":\"arn:a\"}],\"PaginationToken\":\"\"}";
    AtomicInteger failures = new AtomicInteger(1);
    try (LoopbackServer tables = LoopbackServer.ofTables();
        LoopbackServer tagging =
            new LoopbackServer(
                r ->
                    failures.getAndDecrement() > 0
                        ? new Answer(400, "{\"__type\":\"ThrottledException\"}")
                        : new Answer(200, answer));
        SdkAwsClients aws =
            aws(tables, "aws.tagging.endpoint", tagging.url(), "aws.retries.max", "0")) {
      assertThatThrownBy(() -> aws.tagging().getResources(r -> r.resourceTypeFilters("a:b")))
          .matches(e -> AwsErrorKind.of(e) == AwsErrorKind.THROTTLED);
      assertThat(aws.tagging().getResources(r -> r.resourceTypeFilters("a:b")))
          .satisfies(
              got ->
                  assertThat(got.resourceTagMappingList().get(0).resourceARN()).isEqualTo("arn:a"));
      assertThat(aws.tagging()).isSameAs(aws.tagging());
      LoopbackServer.Request request = tagging.requests().get(0);
      assertThat(request.header("x-amz-target"))
          .isEqualTo("ResourceGroupsTaggingAPI_20170126.GetResources");
      assertThat(request.header("authorization")).contains("/eu-west-1/tagging/");
      assertThat(tables.requests()).isEmpty();
      aws.close();
      assertThatThrownBy(aws::tagging).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void oneS3ClientServesARegionByDefaultTheTables() {
    try (LoopbackServer server = LoopbackServer.ofTables();
        SdkAwsClients aws = aws(server)) {
      S3Client own = aws.s3(null);
      assertThat(aws.s3("eu-west-1")).isSameAs(own);
      assertThat(aws.s3("us-east-2")).isNotSameAs(own);
    }
  }

  @Test
  void aListenerSeesTheRequestsThatTheSdkRepeats() {
    AtomicInteger failures = new AtomicInteger(2);
    try (LoopbackServer server =
            new LoopbackServer(
                request ->
                    failures.getAndDecrement() > 0
                        ? new LoopbackServer.Answer(500, "{}")
                        : new LoopbackServer.Answer(200, "{\"TableNames\":[]}"));
        SdkAwsClients aws = aws(server)) {
      HeardRequests heard = new HeardRequests();
      aws.dynamoDb().listTables(r -> r.overrideConfiguration(RequestListener.of(heard)));
      aws.dynamoDb().listTables();

      assertThat(heard.count()).isEqualTo(3);
      assertThat(heard.statuses()).containsExactly(500, 500, 200);
    }
  }

  @Test
  void anAnswerTellsWhatTimeItIsAtAws() {
    InstantSource ahead = () -> Instant.now().plusSeconds(240);
    try (LoopbackServer server = LoopbackServer.ofTables();
        SdkAwsClients aws =
            SdkAwsClients.create(
                config(true, "aws.dynamodb.endpoint", server.url()), "eu-west-1", ahead)) {
      assertThat(Duration.between(Instant.now(), aws.clock().instant()))
          .isGreaterThan(Duration.ofSeconds(200));
      aws.dynamoDb().listTables();

      assertThat(Duration.between(Instant.now(), aws.clock().instant()).abs())
          .isLessThan(Duration.ofSeconds(5));
    }
  }

  /** As many data files as a task may load. */
  @Test
  void dataFilesLeaveConnectionsForOtherCalls() {
    try (LoopbackServer tables = LoopbackServer.ofTables();
        LoopbackServer s3 = new LoopbackServer(r -> new Answer(200, "0123456789"));
        SdkAwsClients aws =
            aws(tables, "aws.s3.endpoint", s3.url(), "aws.s3.path.style.access", "true")) {
      List<ResponseInputStream<GetObjectResponse>> open = new ArrayList<>();
      for (int file = 0; file < 64; file++) {
        open.add(aws.s3(null).getObject(get -> get.bucket("exports").key("a/b.gz")));
      }
      aws.dynamoDb().listTables();

      assertThat(tables.requests()).hasSize(1);
      open.forEach(ResponseInputStream::abort);
    }
  }

  @Test
  void aRoleIsAssumedWithExternalIdSessionNameAndHeaders() {
    try (LoopbackServer sts = new LoopbackServer(request -> assumed());
        LoopbackServer server = LoopbackServer.ofTables();
        SdkAwsClients aws =
            aws(
                server,
                "aws.sts.endpoint",
                sts.url(),
                "aws.sts.role.arn",
                ROLE,
                "aws.sts.external.id",
                "ext-42",
                "aws.sts.session.name",
                "nightly",
                "aws.sts.header.overrides",
                "x-amz-source-arn:arn:aws:s3:::b,x-other: two words")) {
      aws.dynamoDb().listTables();
      aws.dynamoDb().listTables();

      assertThat(sts.requests()).hasSize(1);
      LoopbackServer.Request assume = sts.requests().get(0);
      assertThat(form(assume.body()))
          .containsEntry("Action", "AssumeRole")
          .containsEntry("RoleArn", ROLE)
          .containsEntry("ExternalId", "ext-42")
          .containsEntry("RoleSessionName", "nightly");
      assertThat(assume.header("x-amz-source-arn")).isEqualTo("arn:aws:s3:::b");
      assertThat(assume.header("x-other")).isEqualTo("two words");
      assertThat(assume.header("authorization")).contains("Credential=AKIDSTATIC/");

      LoopbackServer.Request call = server.requests().get(0);
      assertThat(call.header("authorization")).contains("Credential=ASIAROLE/");
      assertThat(call.header("x-amz-security-token")).isEqualTo("role-token");
      assertThat(call.headers()).doesNotContainKey("x-other");
    }
  }

  @Test
  void aRefusedRoleIsDistinguishedFromARefusedCall() {
    Answer refused =
        new Answer(
            403,
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not"
                + " you</Message></Error><RequestId>R-1</RequestId></ErrorResponse>");
    try (LoopbackServer sts = new LoopbackServer(request -> refused);
        LoopbackServer server = LoopbackServer.ofTables();
        SdkAwsClients aws = aws(server, "aws.sts.endpoint", sts.url(), "aws.sts.role.arn", ROLE)) {
      assertThatThrownBy(() -> aws.dynamoDb().listTables())
          .satisfies(
              failure -> {
                assertThat(AwsErrorKind.of(failure)).isEqualTo(AwsErrorKind.ACCESS_DENIED);
                assertThat(AwsErrors.describe("dynamodb:ListTables", "*", failure))
                    .contains("aws.sts.role.arn could not be assumed")
                    .contains("not you")
                    .contains("R-1");
              });
      assertThat(form(sts.requests().get(0).body())).containsEntry("RoleSessionName", "dynamokc");
    }
  }

  @Test
  void allCallsGoThroughTheProxyWithItsUser() {
    try (LoopbackServer proxy = LoopbackServer.ofTables();
        SdkAwsClients aws =
            create(
                "aws.dynamodb.endpoint",
                "http://dynamodb.example:8000",
                "aws.http.proxy.url",
                "http://user:p%40ss@127.0.0.1:" + proxy.port())) {
      aws.dynamoDb().listTables();
      LoopbackServer.Request request = proxy.requests().get(proxy.requests().size() - 1);
      assertThat(request.uri()).startsWith("http://dynamodb.example:8000");
      assertThat(request.header("proxy-authorization")).isEqualTo(BASIC);
    }
  }

  @Test
  void anEncryptedCallAsksTheProxyForATunnelWithItsUser() throws Exception {
    try (TunnelProxy proxy = new TunnelProxy();
        SdkAwsClients aws =
            create(
                "aws.dynamodb.endpoint", "https://dynamodb.example",
                "aws.retries.max", "0",
                "aws.http.proxy.url", "http://user:p%40ss@127.0.0.1:" + proxy.port())) {
      assertThatThrownBy(() -> aws.dynamoDb().listTables()).isInstanceOf(RuntimeException.class);
      assertThat(proxy.tunnel()).startsWith("CONNECT dynamodb.example:443").contains(BASIC);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "2, 3"})
  void aFailingCallIsRepeatedAsOftenAsConfigured(String retries, int calls) {
    try (LoopbackServer server = new LoopbackServer(request -> new Answer(500, "{}"));
        SdkAwsClients aws = aws(server, "aws.retries.max", retries)) {
      assertThatThrownBy(() -> aws.dynamoDb().listTables())
          .extracting(AwsErrorKind::of)
          .isEqualTo(AwsErrorKind.SERVER_ERROR);
      assertThat(server.requests()).hasSize(calls);
    }
  }

  @Test
  void aCallThatGetsNoAnswerEndsAtItsTimeout() {
    CountDownLatch never = new CountDownLatch(1);
    try (LoopbackServer server = new LoopbackServer(request -> answerAfter(never));
        SdkAwsClients aws = aws(server, "aws.api.call.timeout.ms", "300")) {
      assertThatThrownBy(() -> aws.dynamoDb().listTables())
          .extracting(AwsErrorKind::of)
          .isEqualTo(AwsErrorKind.NETWORK);
      never.countDown();
    }
  }

  @Test
  void aProviderClassIsUsedAndClosed() {
    int closedBefore = WithCreate.CLOSED.get();
    try (LoopbackServer server = LoopbackServer.ofTables()) {
      try (SdkAwsClients aws = withProvider(server, WithCreate.class.getName())) {
        aws.dynamoDb().listTables();
      }
      try (SdkAwsClients aws = withProvider(server, WithConstructor.class.getName())) {
        aws.dynamoDb().listTables();
      }
      assertThat(server.requests().get(0).header("authorization")).contains("=AKIDCREATE/");
      assertThat(server.requests().get(1).header("authorization")).contains("=AKIDNEW/");
      assertThat(WithCreate.CLOSED.get()).isEqualTo(closedBefore + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "no.such.Provider, is not on the plugin's class path",
    "java.lang.String, does not implement",
    "io.github.dynamokc.aws.SdkAwsClientsTest$WithArgument, neither a public static create()",
    "io.github.dynamokc.aws.SdkAwsClientsTest$Failing, failed to start"
  })
  void aProviderClassThatCannotBeUsedIsAProblemOfItsKey(String name, String problem) {
    try (LoopbackServer server = LoopbackServer.ofTables()) {
      assertThatThrownBy(() -> withProvider(server, name))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("aws.credentials.provider.class")
          .hasMessageContaining(problem)
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void closingEndsEveryThreadAndRefusesNewClients() {
    try (LoopbackServer server = LoopbackServer.ofTables();
        LoopbackServer sts = new LoopbackServer(request -> assumed())) {
      SdkAwsClients aws = aws(server, "aws.sts.endpoint", sts.url(), "aws.sts.role.arn", ROLE);
      aws.dynamoDb().listTables();
      aws.close();
      aws.close();
      assertThatThrownBy(() -> aws.s3(null)).isInstanceOf(IllegalStateException.class);
      DynamoDbClient closed = aws.dynamoDb();
      assertThatThrownBy(closed::listTables).isInstanceOf(RuntimeException.class);
      Thread.getAllStackTraces().keySet().stream()
          .filter(t -> t.getName().startsWith("dynamokc-") || t.getName().startsWith("sts-"))
          .forEach(SdkAwsClientsTest::assertEnds);
    }
  }

  @Test
  void theCallerKeepsItsContextClassLoader() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader foreign = new ClassLoader(null) {};
    thread.setContextClassLoader(foreign);
    try (LoopbackServer server = LoopbackServer.ofTables();
        SdkAwsClients aws = aws(server)) {
      aws.dynamoDb().listTables();
      assertThat(thread.getContextClassLoader()).isSameAs(foreign);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void assertEnds(Thread thread) {
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).as(thread.getName()).isFalse();
  }

  private static Answer answerAfter(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      // the server is closing
    }
    return new Answer(200, "{}");
  }

  private static Answer assumed() {
    return new Answer(
        200,
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/reader/x</Arn>\
        <AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
        <SessionToken>role-token</SessionToken><Expiration>%s</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>
        """
            .formatted(Instant.now().plusSeconds(3600)));
  }

  private static SdkAwsClients aws(LoopbackServer dynamoDb, String... keysAndValues) {
    String[] all = Arrays.copyOf(keysAndValues, keysAndValues.length + 2);
    all[keysAndValues.length] = "aws.dynamodb.endpoint";
    all[keysAndValues.length + 1] = dynamoDb.url();
    return create(all);
  }

  private static SdkAwsClients create(String... keysAndValues) {
    return SdkAwsClients.create(config(true, keysAndValues), "eu-west-1");
  }

  private static SdkAwsClients withProvider(LoopbackServer server, String className) {
    return SdkAwsClients.create(
        config(
            false,
            "aws.dynamodb.endpoint",
            server.url(),
            "aws.credentials.provider.class",
            className),
        "eu-west-1");
  }

  private static AwsConfig config(boolean staticKeys, String... keysAndValues) {
    Map<String, String> props = new HashMap<>();
    props.put("name", "test");
    props.put("tables", "orders");
    props.put("export.s3.bucket", "exports");
    if (staticKeys) {
      props.put("aws.access.key.id", "AKIDSTATIC");
      props.put("aws.secret.access.key", "secret");
    }
    for (int i = 0; i < keysAndValues.length; i += 2) {
      props.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return ConnectorConfig.from(props).aws();
  }

  private static Map<String, String> form(String body) {
    Map<String, String> fields = new HashMap<>();
    for (String field : body.split("&")) {
      String[] pair = field.split("=", 2);
      fields.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return fields;
  }

  /** Made by its create(). */
  public static final class WithCreate implements AwsCredentialsProvider, SdkAutoCloseable {
    static final AtomicInteger CLOSED = new AtomicInteger();

    private WithCreate() {}

    public static WithCreate create() {
      return new WithCreate();
    }

    @Override
    public AwsCredentials resolveCredentials() {
      return AwsBasicCredentials.create("AKIDCREATE", "s");
    }

    @Override
    public void close() {
      CLOSED.incrementAndGet();
    }
  }

  /** Made by its constructor. */
  public static final class WithConstructor implements AwsCredentialsProvider {
    @Override
    public AwsCredentials resolveCredentials() {
      return AwsBasicCredentials.create("AKIDNEW", "s");
    }
  }

  /** Cannot be made without knowing what to give it. */
  public static final class WithArgument implements AwsCredentialsProvider {
    public WithArgument(String argument) {}

    @Override
    public AwsCredentials resolveCredentials() {
      throw new UnsupportedOperationException();
    }
  }

  /** Cannot be made at all, and says a secret. */
  public static final class Failing implements AwsCredentialsProvider {
    public Failing() {
      throw new IllegalStateException("hunter2");
    }

    @Override
    public AwsCredentials resolveCredentials() {
      throw new UnsupportedOperationException();
    }
  }
}
