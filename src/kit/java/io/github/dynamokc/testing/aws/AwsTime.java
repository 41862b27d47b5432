package io.github.dynamokc.testing.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What time it is at an embedded AWS: the machine's, until it is moved forward, and from then on so
 * much ahead of it. Streams (what they keep, how they date changes, when iterators expire, shards
 * roll over and items reach their time to live), point-in-time recovery, exports and the dates of
 * answers go by it, so that hours pass for all of them at once. S3, the broker and the worker stay
 * in the machine's time. How far it is ahead lies in eight bytes of a file, which the JVM of
 * DynamoDB Local maps as well: a move is seen by the next request. Thread-safe.
 */
public final class AwsTime extends Clock {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer aheadMillis;

  private AwsTime(ByteBuffer aheadMillis) {
    this.aheadMillis = aheadMillis;
  }

  /** The time that the file holds, which begins as the machine's. */
  static AwsTime in(Path file) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new AwsTime(channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot map " + file, e);
    }
  }

  /**
   * Moves the time forward, at once and for ever.
   *
   * @throws IllegalArgumentException if it would go back
   */
  public synchronized void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("AWS's time cannot go back by " + time.negated());
    }
    LONG.setVolatile(aheadMillis, 0, ahead() + time.toMillis());
  }

  private long ahead() {
    return (long) LONG.getVolatile(aheadMillis, 0);
  }

  @Override
  public long millis() {
    return System.currentTimeMillis() + ahead();
  }

  @Override
  public Instant instant() {
    return Instant.now().plusMillis(ahead());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("AWS's time is in UTC");
  }
}
