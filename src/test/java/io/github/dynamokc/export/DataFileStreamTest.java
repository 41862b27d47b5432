package io.github.dynamokc.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.testing.FakeS3;
import io.github.dynamokc.testing.HeardRequests;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** The caller sees one unbroken object whatever the connections do, or an error. */
class DataFileStreamTest {
  private static final String KEY = "data/a.json.gz";

  private final FakeS3 s3 = new FakeS3();
  private final ImpatientLatch stopped = new ImpatientLatch();
  private final byte[] content = content(1000);

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  private DataFileStream stream() {
    return stream(InstantSource.system());
  }

  private DataFileStream stream(InstantSource clock) {
    s3.put(KEY, content);
    return new DataFileStream(
        s3,
        new RetryingCalls(new Retrier(stopped, clock, () -> 0L, Duration.ofMinutes(10))),
        new ExportObject(FakeS3.BUCKET, KEY, "123456789012", new HeardRequests()));
  }

  private List<String> ranges() {
    return s3.requests().stream().map(r -> String.valueOf(r.range())).toList();
  }

  @Test
  void anUnbrokenObjectTakesOneRequest() throws IOException {
    assertThat(stream().readAllBytes()).isEqualTo(content);
    assertThat(ranges()).containsExactly("null");
    GetObjectRequest request = s3.requests().get(0);
    assertThat(request.ifMatch()).isNull();
    assertThat(request.expectedBucketOwner()).isEqualTo("123456789012");
  }

  @Test
  void aBrokenBodyIsResumedIfTheObjectIsStillTheSame() throws IOException {
    s3.bodyOnce(FakeS3.throwsAfter(10))
        .bodyOnce(FakeS3.endsAfter(490))
        .bodyOnce(FakeS3.throwsAfter(1))
        .bodyOnce(FakeS3.endsAfter(498));
    assertThat(stream().readAllBytes()).isEqualTo(content);
    assertThat(ranges())
        .containsExactly("null", "bytes=10-", "bytes=500-", "bytes=501-", "bytes=999-");
    assertThat(s3.requests().subList(1, 5))
        .allSatisfy(
            request -> {
              assertThat(request.ifMatch()).isEqualTo(FakeS3.E_TAG);
              assertThat(request.expectedBucketOwner()).isEqualTo("123456789012");
            });
    assertThat(s3.aborted()).isGreaterThanOrEqualTo(4);
  }

  @Property(tries = 200)
  void anyBreaksGiveTheSameBytes(
      @ForAll @Size(max = 7) List<@IntRange(max = 300) Integer> breaks,
      @ForAll boolean silent,
      @ForAll long seed)
      throws IOException {
    FakeS3 broken = new FakeS3().put(KEY, content);
    for (int at : breaks) {
      broken.bodyOnce(
          body -> {
            InputStream cut = (silent ? FakeS3.endsAfter(at) : FakeS3.throwsAfter(at)).apply(body);
            return new FewBytes(cut, seed, 50);
          });
    }
    DataFileStream stream =
        new DataFileStream(
            broken,
            new RetryingCalls(
                new Retrier(stopped, InstantSource.system(), () -> 0L, Duration.ofMinutes(10))),
            new ExportObject(FakeS3.BUCKET, KEY, null, new HeardRequests()));
    assertThat(stream.readAllBytes()).isEqualTo(content);
  }

  /** A proxy may give the whole object again: its bytes are not those that are missing. */
  @Test
  void aPartThatIsNotTheOneAskedForIsNotTaken() throws IOException {
    s3.answers(response -> response.contentRange(null)).bodyOnce(FakeS3.throwsAfter(400));
    try (DataFileStream stream = stream(new ManualClock(Instant.EPOCH))) {
      assertThat(stream.readNBytes(400)).isEqualTo(Arrays.copyOf(content, 400));
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("The bytes from 400 on were asked for");
    }
  }

  @Test
  void anObjectOfUnknownLengthIsRefused() {
    s3.answers(response -> response.contentLength(null));
    assertThatThrownBy(() -> stream(new ManualClock(Instant.EPOCH)).readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no Content-Length");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void breaksWithoutProgressFailAtTheStallTimeout(boolean silent) {
    ManualClock clock = new ManualClock(Instant.EPOCH);
    for (int i = 0; i < 20; i++) {
      s3.bodyOnce(
          body -> {
            clock.advance(Duration.ofMinutes(1));
            return (silent ? FakeS3.endsAfter(0) : FakeS3.throwsAfter(0)).apply(body);
          });
    }

    assertThatThrownBy(() -> stream(clock).readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the body broke off at byte 0 of " + content.length)
        .hasMessageContaining("stall.timeout.ms=600000")
        .hasMessageEndingWith(silent ? "The body ended at byte 0 of 1000" : "Connection reset");
    assertThat(s3.requests()).hasSize(11);
  }

  @Test
  void progressForgivesTheBreaksBefore() throws IOException {
    s3.bodyOnce(FakeS3.endsAfter(1));
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 7; i++) {
        s3.bodyOnce(FakeS3.endsAfter(0));
      }
      s3.bodyOnce(FakeS3.endsAfter(1));
    }
    assertThat(stream().readAllBytes()).isEqualTo(content);
    assertThat(ranges()).endsWith("bytes=4-");
  }

  @Test
  void accessDeniedFailsAtOnceNamingTheAction() {
    s3.failOnce(FakeS3.error(403, "AccessDenied"));
    assertThatThrownBy(() -> stream().read())
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("s3:GetObject on s3://exports/data/a.json.gz")
        .hasMessageContaining("AccessDenied");
    assertThat(s3.requests()).hasSize(1);
    assertThat(stopped.waits()).isEmpty();
  }

  @Test
  void anObjectThatWasReplacedMeanwhileFails() throws IOException {
    s3.bodyOnce(FakeS3.endsAfter(10));
    DataFileStream stream = stream();
    assertThat(stream.readNBytes(10)).hasSize(10);
    s3.failOnce(FakeS3.error(412, "PreconditionFailed"));
    assertThatThrownBy(stream::read)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("PreconditionFailed");
  }

  @Test
  void serverErrorsWhileOpeningAreRetriedWithBackOff() throws IOException {
    s3.failOnce(FakeS3.error(503, "SlowDown"))
        .failOnce(FakeS3.error(500, "InternalError"))
        .failOnce(SdkClientException.create("no route", new IOException("Connection refused")));
    assertThat(stream().readAllBytes()).isEqualTo(content);
    assertThat(s3.requests()).hasSize(4);
    assertThat(stopped.waits()).hasSize(3);
  }

  @Test
  void closingEarlyAbortsTheConnection() throws IOException {
    DataFileStream stream = stream();
    assertThat(stream.read()).isEqualTo(content[0] & 0xFF);
    assertThat(s3.aborted()).isZero();
    stream.close();
    assertThat(s3.aborted()).isEqualTo(1);
    stream.close();
    assertThat(s3.aborted()).isEqualTo(1);
  }

  @Test
  void closingBeforeTheFirstReadNeedsNoConnection() {
    stream().close();
    assertThat(s3.requests()).isEmpty();
  }

  private DataFileStream streamFrom(int start, String eTag) {
    s3.put(KEY, content);
    return new DataFileStream(
        s3,
        new RetryingCalls(
            new Retrier(stopped, new ManualClock(Instant.EPOCH), () -> 0L, Duration.ofMinutes(10))),
        new ExportObject(FakeS3.BUCKET, KEY, null, new HeardRequests()),
        start,
        eTag);
  }

  @Test
  void theRestOfAKnownObjectTakesOneRequest() throws IOException {
    DataFileStream stream = streamFrom(400, FakeS3.E_TAG);
    assertThat(stream.isThere()).isTrue();
    assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 400, 1000));
    assertThat(stream.received()).isEqualTo(600);
    assertThat(stream.eTag()).isEqualTo(FakeS3.E_TAG);
    assertThat(ranges()).containsExactly("bytes=400-");
    assertThat(s3.requests().get(0).ifMatch()).isEqualTo(FakeS3.E_TAG);
  }

  @Test
  void theRestOfAKnownObjectIsResumedToo() throws IOException {
    s3.bodyOnce(FakeS3.throwsAfter(100)).bodyOnce(FakeS3.endsAfter(100));
    DataFileStream stream = streamFrom(400, FakeS3.E_TAG);
    assertThat(stream.isThere()).isTrue();
    assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 400, 1000));
    assertThat(ranges()).containsExactly("bytes=400-", "bytes=500-", "bytes=600-");
  }

  @Test
  void anotherOrAShorterObjectIsNotThere() throws IOException {
    assertThat(streamFrom(400, "\"other\"").isThere()).isFalse();
    assertThat(streamFrom(1000, FakeS3.E_TAG).isThere()).isFalse();
    assertThat(s3.requests()).hasSize(2);
    assertThat(stopped.waits()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bytes 0-999/1000", "bytes 401-999/1000", "bytes 400-999/*", "x"})
  void aPartThatIsAnotherIsNotThere(String range) throws IOException {
    s3.answers(response -> response.contentRange(range.isEmpty() ? null : range));
    assertThat(streamFrom(400, FakeS3.E_TAG).isThere()).isFalse();
    assertThat(s3.aborted()).isPositive();
  }

  @Test
  void aKnownObjectThatMayNotBeReadFails() {
    s3.deny(KEY);
    assertThatThrownBy(() -> streamFrom(400, FakeS3.E_TAG).isThere())
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("AccessDenied");
  }

  @Test
  void anEmptyObjectEndsAtOnce() throws IOException {
    s3.put("empty", new byte[0]);
    DataFileStream stream =
        new DataFileStream(
            s3,
            new RetryingCalls(
                new Retrier(stopped, InstantSource.system(), () -> 0L, Duration.ofMinutes(10))),
            new ExportObject(FakeS3.BUCKET, "empty", null, new HeardRequests()));
    assertThat(stream.read()).isEqualTo(-1);
    assertThat(s3.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.expectedBucketOwner()).isNull());
  }

  @Test
  void aBodyThatBreaksBecauseTheTaskStopsIsNotResumed() {
    s3.bodyOnce(
        whole ->
            new InputStream() {
              @Override
              public int read() throws IOException {
                Thread.currentThread().interrupt();
                throw new IOException("Socket closed");
              }
            });
    assertThatThrownBy(() -> stream().read())
        .isInstanceOf(IOException.class)
        .hasMessage("Socket closed");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(s3.requests()).hasSize(1);
  }

  @Test
  void stoppingEndsTheWaitToOpen() {
    stopped.countDown();
    s3.failOnce(FakeS3.error(503, "SlowDown"));
    assertThatThrownBy(() -> stream().read()).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
