package io.github.dynamokc.export;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.RetryDeadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of one S3 object from first to last. A body that breaks off is resumed where it ended,
 * with Range and If-Match, so that the caller sees one unbroken stream or an error; bytes are held
 * against Content-Length, as not every HTTP client reports a body that was cut short.
 *
 * <p>Closing it early aborts the connection. Not thread-safe.
 */
final class DataFileStream extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(DataFileStream.class);

  private final S3Client s3;
  private final RetryingCalls calls;
  private final ExportObject object;

  /** Of breaks without a byte in between. */
  private final RetryDeadline deadline;

  private @Nullable ResponseInputStream<GetObjectResponse> body;
  private @Nullable String eTag;
  private long length = -1;
  private long position;
  private @Nullable IOException givenUp;

  DataFileStream(S3Client s3, RetryingCalls calls, ExportObject object) {
    this.s3 = s3;
    this.calls = calls;
    this.object = object;
    this.deadline = calls.retrier().deadline();
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
      // Gunzip swallows an error where it looks for a further member; it must not go unseen.
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

  /** How many bytes were read so far. */
  long position() {
    return position;
  }

  /**
   * 1 until the last byte was read. {@link java.util.zip.GZIPInputStream} asks this to decide
   * whether another gzip member follows; an honest network stream may say 0 there and would make it
   * stop silently.
   */
  @Override
  public int available() {
    return length < 0 || position < length ? 1 : 0;
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
    if (length >= 0) {
      String range = String.valueOf(response.contentRange());
      if (!range.startsWith("bytes " + position + "-")) {
        throw new UnfitAnswerException(
            "The bytes from %d on were asked for, but the answer has the Content-Range %s"
                .formatted(position, range));
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

  private ResponseInputStream<GetObjectResponse> open() throws IOException {
    GetObjectRequest.Builder request = object.request();
    if (length >= 0) {
      request.range("bytes=" + position + "-").ifMatch(eTag);
    }
    try {
      return calls.call(ExportObject.READ, object.resource(), () -> s3.getObject(request.build()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Stopped while opening " + object.uri());
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

  /** To ask again would bring the same. */
  private static final class UnfitAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    private UnfitAnswerException(String message) {
      super(message);
    }
  }
}
