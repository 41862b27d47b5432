package io.github.dynamokc.export;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.RetryDeadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The bytes of one S3 object, from the first one or from a later one on to the last. A body that
 * breaks off is resumed where it ended, with Range and If-Match, so that the caller sees one
 * unbroken stream or an error; bytes are held against Content-Length, as not every HTTP client
 * reports a body that was cut short.
 *
 * <p>Closing it early aborts the connection. Not thread-safe.
 */
final class DataFileStream extends InputStream {
  /** Another ETag, or fewer bytes. */
  private static final Set<Integer> OTHER_OBJECT = Set.of(412, 416);

  private static final Pattern PART = Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18}|\\*)");
  private static final Logger LOG = LoggerFactory.getLogger(DataFileStream.class);

  private final S3Client s3;
  private final RetryingCalls calls;
  private final ExportObject object;

  /** Of breaks without a byte in between. */
  private final RetryDeadline deadline;

  private @Nullable ResponseInputStream<GetObjectResponse> body;

  /** Null if it is not known yet. */
  private @Nullable String eTag;

  private final long start;
  private long length = -1;
  private long position;
  private @Nullable IOException givenUp;

  /** From the first byte on. */
  DataFileStream(S3Client s3, RetryingCalls calls, ExportObject object) {
    this(s3, calls, object, 0, null);
  }

  /**
   * @param start the place of the first byte that is wanted
   * @param eTag the object's, if it has to be one that was read before; then {@link #isThere} is to
   *     be asked before anything is read
   */
  DataFileStream(
      S3Client s3, RetryingCalls calls, ExportObject object, long start, @Nullable String eTag) {
    this.s3 = s3;
    this.calls = calls;
    this.object = object;
    this.start = start;
    this.position = start;
    this.eTag = eTag;
    this.deadline = calls.retrier().deadline();
  }

  /**
   * Opens the object.
   *
   * @return false if it is another one by now, or its bytes are not to be had from a place within
   *     it on
   * @throws IOException if it cannot be opened
   */
  boolean isThere() throws IOException {
    try {
      body();
      return true;
    } catch (OtherObjectException | UnfitAnswerException e) {
      LOG.debug("{} cannot be read from byte {} on", object.uri(), position, e);
      close();
      return false;
    }
  }

  /** The object's ETag. Only after a byte was read. */
  String eTag() {
    return Objects.requireNonNull(eTag);
  }

  /** How many bytes were read so far. */
  long received() {
    return position - start;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int read = read(one, 0, 1);
    return read < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (givenUp != null) {
      throw givenUp;
    }
    while (length < 0 || position < length) {
      try {
        int read = body().read(target, offset, count);
        if (read < 0) {
          throw new EOFException("The body ended at byte " + position + " of " + length);
        }
        position += read;
        deadline.reset();
        return read;
      } catch (UnfitAnswerException e) {
        close();
        givenUp = e;
        throw e;
      } catch (IOException e) {
        resumeAfter(e);
      }
    }
    return -1;
  }

  @Override
  public void close() {
    ResponseInputStream<GetObjectResponse> open = body;
    body = null;
    if (open == null) {
      return;
    }
    if (position == length) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("All bytes were read; that closing failed does not matter", e);
      }
    } else {
      // Reading on to the end of a large body to save the connection would cost more than it saves.
      open.abort();
    }
  }

  private ResponseInputStream<GetObjectResponse> body() throws IOException {
    ResponseInputStream<GetObjectResponse> open = body;
    if (open == null) {
      open = open();
      body = open;
      check(open.response());
    }
    return open;
  }

  /** A proxy between may leave out what resuming needs, or give all where a part was asked for. */
  private void check(GetObjectResponse response) throws UnfitAnswerException {
    if (isPartAskedFor()) {
      String range = String.valueOf(response.contentRange());
      Matcher part = PART.matcher(range);
      if (!part.matches() || Long.parseLong(part.group(1)) != position) {
        throw new UnfitAnswerException(
            "The bytes from %d on were asked for, but the answer has the Content-Range %s"
                .formatted(position, range));
      }
      if (length < 0) {
        length = length(part.group(2));
      }
      return;
    }
    Long announced = response.contentLength();
    if (announced == null || response.eTag() == null) {
      throw new UnfitAnswerException("The answer has no Content-Length or no ETag");
    }
    eTag = response.eTag();
    length = announced;
  }

  private static long length(String announced) throws UnfitAnswerException {
    if (announced.equals("*")) {
      throw new UnfitAnswerException("The answer does not say how long the object is");
    }
    return Long.parseLong(announced);
  }

  private boolean isPartAskedFor() {
    return length >= 0 || start > 0;
  }

  private ResponseInputStream<GetObjectResponse> open() throws IOException {
    GetObjectRequest.Builder request = object.request();
    if (isPartAskedFor()) {
      request.range("bytes=" + position + "-").ifMatch(eTag);
    }
    boolean first = length < 0;
    try {
      return calls.call(ExportObject.READ, object.resource(), () -> answer(request.build(), first));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Stopped while opening " + object.uri());
    }
  }

  private ResponseInputStream<GetObjectResponse> answer(GetObjectRequest request, boolean first) {
    try {
      return s3.getObject(request);
    } catch (S3Exception e) {
      if (first && request.ifMatch() != null && OTHER_OBJECT.contains(e.statusCode())) {
        throw new OtherObjectException(e);
      }
      throw e;
    }
  }

  private void resumeAfter(IOException broken) throws IOException {
    close();
    if (Thread.currentThread().isInterrupted()) {
      throw broken;
    }
    Duration delay = deadline.nextDelay();
    if (delay == null) {
      givenUp =
          new IOException(
              "the body broke off at byte %d of %d: %s%s"
                  .formatted(position, length, deadline.describe(), broken),
              broken);
      throw givenUp;
    }
    LOG.warn("{} broke off at byte {} of {}; resuming there", object.uri(), position, length);
    LOG.debug("The break", broken);
    try {
      calls.pause(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Stopped while resuming " + object.uri());
    }
  }

  /** The object is not the one that was read before. */
  private static final class OtherObjectException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private OtherObjectException(Throwable cause) {
      super(cause);
    }
  }

  /** To ask again would bring the same. */
  private static final class UnfitAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    private UnfitAnswerException(String message) {
      super(message);
    }
  }
}
