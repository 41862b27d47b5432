package io.github.dynamokc.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects of one bucket, whose bodies break off and whose answers fail as a test says. */
public final class FakeS3 implements S3Client {
  public static final String BUCKET = "exports";
  public static final String E_TAG = "\"e-tag\"";

  private final Map<String, byte[]> objects = new HashMap<>();
  private final Map<String, String> eTags = new HashMap<>();
  private final Set<String> denied = new HashSet<>();
  private final Queue<RuntimeException> failures = new ArrayDeque<>();
  private final Queue<UnaryOperator<InputStream>> bodies = new ArrayDeque<>();
  private final List<GetObjectRequest> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger aborted = new AtomicInteger();
  private volatile Runnable onRead = () -> {};
  private volatile Consumer<GetObjectResponse.Builder> answers = response -> {};

  public FakeS3 put(String key, byte[] content) {
    objects.put(key, content);
    return this;
  }

  public FakeS3 put(String key, String content) {
    return put(key, content.getBytes(StandardCharsets.UTF_8));
  }

  /** The object is written again, so that it has another ETag. */
  public FakeS3 replace(String key, byte[] content) {
    eTags.put(key, "\"" + UUID.randomUUID() + "\"");
    return put(key, content);
  }

  /** The object is there, but may not be read. */
  public FakeS3 deny(String key) {
    denied.add(key);
    return this;
  }

  /** One of the next requests fails so. */
  public FakeS3 failOnce(RuntimeException failure) {
    failures.add(failure);
    return this;
  }

  /** One of the next bodies is so; without further words they are whole. */
  public FakeS3 bodyOnce(UnaryOperator<InputStream> body) {
    bodies.add(body);
    return this;
  }

  /** What becomes of the heads of answers on their way, as a proxy may change them. */
  public FakeS3 answers(Consumer<GetObjectResponse.Builder> change) {
    answers = change;
    return this;
  }

  /** What happens on the reading thread whenever an object is asked for; may block. */
  public FakeS3 onRead(Runnable action) {
    onRead = action;
    return this;
  }

  public List<GetObjectRequest> requests() {
    return requests;
  }

  public int aborted() {
    return aborted.get();
  }

  public static S3Exception error(int status, String code) {
    return (S3Exception)
        S3Exception.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .serviceName("S3")
                    .errorCode(code)
                    .errorMessage(code)
                    .build())
            .build();
  }

  /** A body that ends after some bytes, as some HTTP clients show a lost connection. */
  public static UnaryOperator<InputStream> endsAfter(int bytes) {
    return whole -> new Cut(whole, bytes, () -> null);
  }

  /** A body that throws after some bytes. */
  public static UnaryOperator<InputStream> throwsAfter(int bytes) {
    return whole -> new Cut(whole, bytes, () -> new IOException("Connection reset"));
  }

  @Override
  public <T> T getObject(
      GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
    requests.add(request);
    onRead.run();
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
    if (denied.contains(request.key())) {
      throw error(403, "AccessDenied");
    }
    byte[] content = objects.get(request.key());
    if (!BUCKET.equals(request.bucket()) || content == null) {
      throw error(404, "NoSuchKey");
    }
    String eTag = eTags.getOrDefault(request.key(), E_TAG);
    if (request.ifMatch() != null && !request.ifMatch().equals(eTag)) {
      throw error(412, "PreconditionFailed");
    }
    int from = 0;
    if (request.range() != null) {
      from = Integer.parseInt(request.range().replaceAll("bytes=(\\d+)-", "$1"));
    }
    if (from > 0 && from >= content.length) {
      throw error(416, "InvalidRange");
    }
    byte[] part = Arrays.copyOfRange(content, from, content.length);
    InputStream body = new ByteArrayInputStream(part);
    if (!bodies.isEmpty()) {
      body = bodies.remove().apply(body);
    }
    GetObjectResponse.Builder response =
        GetObjectResponse.builder().contentLength((long) part.length).eTag(eTag);
    if (request.range() != null) {
      response.contentRange("bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    answers.accept(response);
    try {
      return transformer.transform(
          response.build(), AbortableInputStream.create(body, aborted::incrementAndGet));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}

  private static final class Cut extends InputStream {
    private final InputStream whole;
    private final Supplier<IOException> end;
    private int left;

    private Cut(InputStream whole, int bytes, Supplier<IOException> end) {
      this.whole = whole;
      this.left = bytes;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      if (left == 0) {
        IOException broken = end.get();
        if (broken != null) {
          throw broken;
        }
        return -1;
      }
      int read = whole.read(target, offset, Math.min(count, left));
      left -= Math.max(read, 0);
      return read;
    }
  }
}
