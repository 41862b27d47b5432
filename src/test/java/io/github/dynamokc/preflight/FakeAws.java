package io.github.dynamokc.preflight;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The few requests of the preflight, as AWS answers them where all is well. A test says what is
 * not. Everything that is not a request of the preflight is answered with status 501.
 */
final class FakeAws implements AutoCloseable {
  private static final String TABLE_ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/";

  /** What is answered, with one header more if that has a name. */
  record Answer(int status, String body, String header, String value) {
    static Answer of(int status, String body) {
      return new Answer(status, body, "", "");
    }
  }

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, UnaryOperator<Answer>> changes = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final LoopbackHttp server = LoopbackHttp.start("fake-aws", this::handle);

  String url() {
    return server.uri().toString();
  }

  /** The actions that were asked for, in order. */
  List<String> asked() {
    return asked;
  }

  /** Changes the answer to an action; may wait before it does. */
  void change(String action, UnaryOperator<Answer> change) {
    changes.put(action, change);
  }

  /** Lets the answer to an action take its time, if the server is there so long. */
  void delay(String action, Duration time) {
    change(
        action,
        good -> {
          try {
            closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return good;
        });
  }

  /** Lets the answer to an action say something else. */
  void say(String action, String instead, String with) {
    change(action, good -> Answer.of(good.status(), good.body().replace(instead, with)));
  }

  /** Lets an action be refused, as its service does it. */
  void refuse(String action, int status, String code) {
    change(action, good -> refusal(action, status, code));
  }

  private static Answer refusal(String action, int status, String code) {
    if (action.equals("AssumeRole")) {
      return Answer.of(
          status,
          "<ErrorResponse><Error><Code>%s</Code><Message>no</Message></Error></ErrorResponse>"
              .formatted(code));
    }
    return Answer.of(
        status,
        switch (action) {
          case "HeadBucket" -> "";
          case "GetObject" -> "<Error><Code>%s</Code><Message>no</Message></Error>".formatted(code);
          default -> "{\"__type\":\"com.amazonaws#%s\",\"message\":\"no\"}".formatted(code);
        });
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = LoopbackHttp.text(exchange);
    String action = action(exchange, body);
    asked.add(action);
    Answer answer =
        changes.getOrDefault(action, UnaryOperator.identity()).apply(good(action, body));
    if (!answer.header().isEmpty()) {
      exchange.getResponseHeaders().set(answer.header(), answer.value());
    }
    LoopbackHttp.answer(exchange, answer.status(), answer.body());
  }

  private static String action(HttpExchange exchange, String body) {
    String target = exchange.getRequestHeaders().getFirst("x-amz-target");
    if (target != null) {
      return target.substring(target.indexOf('.') + 1);
    }
    return switch (exchange.getRequestMethod()) {
      case "HEAD" -> "HeadBucket";
      case "GET" -> "GetObject";
      default -> body.contains("Action=AssumeRole") ? "AssumeRole" : "unknown";
    };
  }

  private static Answer good(String action, String body) {
    String table = body.replaceFirst("(?s).*\"TableName\":\"(?:[^\"]*/)?([^\"]*)\".*", "$1");
    return switch (action) {
      case "DescribeTable" ->
          Answer.of(
              200,
              """
              {"Table":{"TableName":"%1$s","TableArn":"%2$s%1$s","TableId":"an-id",
                "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
                "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},
                "LatestStreamArn":"%2$s%1$s/stream/2026-01-01T00:00:00.000"}}
              """
                  .formatted(table, TABLE_ARN));
      case "DescribeContinuousBackups" ->
          Answer.of(
              200,
              """
              {"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",
                "PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED"}}}
              """);
      case "DescribeExport" ->
          body.contains("00000000000000-00000000")
              ? refusal(action, 400, "ExportNotFoundException")
              : Answer.of(
                  200,
                  """
                  {"ExportDescription":{"ExportStatus":"COMPLETED","S3Bucket":"other",
                    "ExportManifest":"AWSDynamoDB/01/manifest-summary.json"}}
                  """);
      case "DescribeStream" ->
          Answer.of(200, "{\"StreamDescription\":{\"Shards\":[{\"ShardId\":\"shardId-1\"}]}}");
      case "GetShardIterator" -> Answer.of(200, "{\"ShardIterator\":\"an-iterator\"}");
      case "GetRecords" -> Answer.of(200, "{\"Records\":[]}");
      case "ListTables" -> Answer.of(200, "{\"TableNames\":[]}");
      case "GetResources" ->
          Answer.of(200, "{\"ResourceTagMappingList\":[],\"PaginationToken\":\"\"}");
      case "HeadBucket" -> Answer.of(200, "");
      case "GetObject" -> refusal(action, 404, "NoSuchKey");
      case "AssumeRole" ->
          Answer.of(
              200,
              """
              <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>
              <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
              <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>
              </AssumeRoleResponse>
              """);
      default -> Answer.of(501, "");
    };
  }

  @Override
  public void close() {
    closed.countDown();
    server.close();
  }
}
