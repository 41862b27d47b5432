package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3FrontTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int LENGTH = 300_000;

  private final byte[] object = new byte[LENGTH];
  private LoopbackHttp server;
  private S3Front front;

  @BeforeEach
  void start() {
    new Random(1).nextBytes(object);
    server = LoopbackHttp.start("s3", this::serve);
    front = new S3Front(server.uri());
  }

  @AfterEach
  void stop() {
    front.close();
    server.close();
  }

  /** The object for a GET, half of it for a Range; what was sent for a PUT. */
  private void serve(HttpExchange exchange) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    boolean part = exchange.getRequestHeaders().containsKey("Range");
    byte[] answer =
        exchange.getRequestMethod().equals("PUT")
            ? sent
            : Arrays.copyOfRange(object, part ? LENGTH / 2 : 0, LENGTH);
    exchange.getResponseHeaders().set("ETag", "\"e-tag\"");
    exchange
        .getResponseHeaders()
        .set("x-asked", exchange.getRequestURI() + " " + exchange.getRequestHeaders().get("x-a"));
    LoopbackHttp.answer(exchange, part ? 206 : 200, answer);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(front.endpoint().resolve(path));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void requestsWithoutAFaultPassByteForByte() throws Exception {
    HttpResponse<byte[]> whole = send(request("/b/a%20key?x=1").header("x-a", "1"));
    assertThat(whole.body()).isEqualTo(object);
    assertThat(whole.headers().firstValue("ETag")).contains("\"e-tag\"");
    assertThat(whole.headers().firstValue("x-asked")).contains("/b/a%20key?x=1 [1]");
    HttpResponse<byte[]> part = send(request("/b/k").header("Range", "bytes=150000-"));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(object, LENGTH / 2, LENGTH));
    HttpResponse<byte[]> put =
        send(request("/b/k").PUT(HttpRequest.BodyPublishers.ofByteArray(object)));
    assertThat(put.body()).isEqualTo(object);
  }

  @Test
  void theLogHasEachRequestAndItsAnswer() throws Exception {
    send(
        request("/bucket/p/AWSDynamoDB/a%2Bb")
            .header("Range", "bytes=7-")
            .header("If-Match", "\"e\"")
            .header("x-amz-expected-bucket-owner", "123456789012")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=me/20260101/eu-west-3/s3/aws4_request, Signature=x"));
    send(request("/bucket"));

    LoggedS3Request logged = front.requests().get(0);
    assertThat(logged.status()).isEqualTo(206);
    assertThat(logged.request().method()).isEqualTo("GET");
    assertThat(logged.request().bucket()).isEqualTo("bucket");
    assertThat(logged.request().key()).isEqualTo("p/AWSDynamoDB/a+b");
    assertThat(logged.request().range()).isEqualTo("bytes=7-");
    assertThat(logged.request().ifMatch()).isEqualTo("\"e\"");
    assertThat(logged.request().expectedBucketOwner()).isEqualTo("123456789012");
    assertThat(logged.request().signedRegion()).isEqualTo("eu-west-3");
    S3Request second = front.requests().get(1).request();
    assertThat(second.key()).isEmpty();
    assertThat(second.signedRegion()).isNull();
    assertThat(second.expectedBucketOwner()).isNull();
    assertThat(front.requests(String::isEmpty)).hasSize(1);
  }

  @Test
  void aBodyIsCutBelowItsAnnouncedLength() throws Exception {
    front.failNext(1, key -> key.equals("k"), new S3Fault.Cut(100_000));
    // The JDK's HttpClient may drop what it has when the connection ends before its time.
    URLConnection connection = front.endpoint().resolve("/b/k").toURL().openConnection();
    try (InputStream body = connection.getInputStream()) {
      assertThat(connection.getContentLength()).isEqualTo(LENGTH);
      assertThat(body.readAllBytes()).isEqualTo(Arrays.copyOf(object, 100_000));
    }
    assertThat(send(request("/b/k")).body()).isEqualTo(object);
  }

  @Test
  void aBodyIsHeldUntilItIsReleased() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    front.failNext(1, key -> true, new S3Fault.Hold(100_000, released));
    HttpResponse<InputStream> response =
        HTTP.send(request("/b/k").build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      assertThat(body.readNBytes(100_000)).isEqualTo(Arrays.copyOf(object, 100_000));
      assertThat(body.available()).isZero();
      released.countDown();
      assertThat(body.readAllBytes()).isEqualTo(Arrays.copyOfRange(object, 100_000, LENGTH));
    }
  }

  @Test
  void aSlowBodyComesWholeAndNoFasterThanPlanned() throws Exception {
    // The wait after the last part is nobody's to see.
    front.failNext(1, key -> true, new S3Fault.Slow(Duration.ofMillis(100), LENGTH));
    long start = System.nanoTime();
    assertThat(send(request("/b/k")).body()).isEqualTo(object);
    assertThat(System.nanoTime() - start).isGreaterThan(500_000_000L);
  }

  @Test
  void aRefusalIsWordedAsByS3AndAsOftenAsPlanned() throws Exception {
    front.failNext(2, key -> key.startsWith("no"), S3Fault.slowDown());
    assertThat(send(request("/b/yes")).statusCode()).isEqualTo(200);
    for (int time = 0; time < 2; time++) {
      HttpResponse<byte[]> refused = send(request("/b/no"));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(new String(refused.body(), AwsJson.UTF_8))
          .contains("<Error><Code>SlowDown</Code><Message>Please");
    }
    assertThat(send(request("/b/no")).statusCode()).isEqualTo(200);
    assertThat(front.requests())
        .extracting(LoggedS3Request::status)
        .containsExactly(200, 503, 503, 200);

    front.failAll(key -> true, S3Fault.accessDenied());
    assertThat(send(request("/b/no")).statusCode()).isEqualTo(403);
    front.clearHooks();
    assertThat(send(request("/b/no")).statusCode()).isEqualTo(200);
  }
}
