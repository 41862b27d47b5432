package io.github.dynamokc.export;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** One data file in memory and its manifest; counts what is read of the file. */
public final class CountedObjects implements S3Client {
  static final String FILE = "data/0.json.gz";
  static final String MANIFEST = "manifest-files.json";
  private static final String E_TAG = "\"file\"";

  private final byte[] file;
  private final byte[] manifest;
  private final long items;
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong place = new AtomicLong();

  /**
   * @param file gzip
   * @param items how many lines it has
   */
  public CountedObjects(byte[] file, long items) {
    this.file = file;
    this.items = items;
    this.manifest =
        "{\"itemCount\":%d,\"md5Checksum\":\"%s\",\"dataFileS3Key\":\"%s\"}%n"
            .formatted(items, Base64.getEncoder().encodeToString(md5(file)), FILE)
            .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }

  /** How many lines the file has. */
  public long items() {
    return items;
  }

  /** How many bytes of the file were read, all together. */
  public long read() {
    return read.get();
  }

  /** Nothing is read yet by the task that starts now. */
  void begin() {
    place.set(0);
  }

  /** Up to where the file was read last. */
  long place() {
    return place.get();
  }

  @Override
  public <T> T getObject(
      GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
    String range = request.range();
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    byte[] content = content(request.key());
    InputStream body = new ByteArrayInputStream(content, from, content.length - from);
    GetObjectResponse.Builder response =
        GetObjectResponse.builder().contentLength((long) content.length - from).eTag(E_TAG);
    if (range != null) {
      response.contentRange("bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    try {
      return transformer.transform(
          response.build(),
          AbortableInputStream.create(content == file ? new Counted(body, from) : body, () -> {}));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] content(String key) {
    return switch (key) {
      case FILE -> file;
      case MANIFEST -> manifest;
      default -> throw none(key);
    };
  }

  private static AwsServiceException none(String key) {
    return NoSuchKeyException.builder()
        .statusCode(404)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode("NoSuchKey").errorMessage(key).build())
        .build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}

  private final class Counted extends InputStream {
    private final InputStream body;
    private long at;

    private Counted(InputStream body, long from) {
      this.body = body;
      this.at = from;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("Nobody reads single bytes");
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      int some = body.read(target, offset, count);
      if (some > 0) {
        at += some;
        read.addAndGet(some);
        place.set(at);
      }
      return some;
    }
  }
}
