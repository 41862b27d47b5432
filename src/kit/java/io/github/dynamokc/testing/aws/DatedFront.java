package io.github.dynamokc.testing.aws;

import com.sun.net.httpserver.Headers;
import io.github.dynamokc.testing.http.DatedHttp;
import io.github.dynamokc.testing.http.FaultyProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Map;

/**
 * Stands in front of DynamoDB and its streams, and dates all answers by a clock of the test, as AWS
 * dates its own. So time can pass for one connector, while the others of the same AWS see none of
 * it; for an AWS of a test's own there is {@link EmbeddedAws#time()}. A connection that is closed
 * behind this front without an answer is closed here, too.
 */
public final class DatedFront implements AutoCloseable {
  private final FaultyProxy behind;
  private final DatedHttp server;

  /**
   * Listens on a free port of loopback.
   *
   * @param clock dates the answers
   */
  public DatedFront(EmbeddedAws aws, Clock clock) {
    this(aws.dynamoDbEndpoint(), clock);
  }

  DatedFront(URI behind, Clock clock) {
    this.behind = new FaultyProxy(behind);
    this.server = DatedHttp.start("dated-front", Listeners.onLoopback(), clock, this::answer);
  }

  /** Serves DynamoDB and DynamoDB Streams. */
  public URI endpoint() {
    return server.uri();
  }

  /** Has a connector come this way, and its topics take what is dated by this front. */
  public void reachedBy(Map<String, String> config) {
    config.put("aws.dynamodb.endpoint", endpoint().toString());
    config.put("aws.dynamodb.streams.endpoint", endpoint().toString());
    config.put("aws.tagging.endpoint", endpoint().toString());
    acceptLaterRecords(config);
  }

  /** A broker refuses what is an hour ahead of its own clock, unless the topic takes it. */
  static void acceptLaterRecords(Map<String, String> config) {
    config.put(
        "topic.creation.default.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
  }

  private DatedHttp.Answer answer(DatedHttp.Request request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        behind.send(
            request.method(),
            request.target(),
            request.headers(),
            request.body(),
            HttpResponse.BodyHandlers.ofByteArray());
    Headers headers = new Headers();
    behind.eachHeader(answer.headers(), headers::add);
    return new DatedHttp.Answer(answer.statusCode(), headers, answer.body(), answer.body().length);
  }

  @Override
  public void close() {
    server.close();
  }
}
