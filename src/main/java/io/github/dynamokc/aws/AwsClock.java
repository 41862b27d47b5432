package io.github.dynamokc.aws;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * What time it is at AWS, whose times the connector compares with now: changes, exports and what
 * streams keep. It is the worker's clock, set right by the difference that the Date headers of
 * AWS's answers show, errors included. Thread-safe.
 *
 * <p>A header has whole seconds, and was written at some time between the request and its answer.
 * So an answer tells two bounds of the difference. The difference that was learnt is kept while it
 * is within the bounds, and moved to the nearer one otherwise: bounds from quick answers wear it
 * down to what is right, and slow ones change nothing. What is below two seconds beside the bounds
 * counts as none. A difference far from the one that was learnt is believed when two answers after
 * each other show it.
 */
final class AwsClock implements InstantSource {
  private static final Logger LOG = LoggerFactory.getLogger(AwsClock.class);
  private static final Duration NEGLIGIBLE = Duration.ofSeconds(2);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** What is farther off is no clock. */
  private static final Duration ABSURD = Duration.ofDays(366);

  private final InstantSource local;

  /** Thousands of answers a second have the same header. */
  private volatile @Nullable Parsed lastParsed;

  private volatile Duration difference = Duration.ZERO;

  private record Parsed(String date, Instant instant) {}

  /** Guarded by this. */
  private boolean learnt;

  /** A difference far from the learnt one that the last answer showed. Guarded by this. */
  private @Nullable Duration doubted;

  /**
   * @param local what time it is on the worker
   */
  AwsClock(InstantSource local) {
    this.local = local;
  }

  @Override
  public Instant instant() {
    return local.instant().plus(difference);
  }

  /**
   * Takes in an answer.
   *
   * @param date of the answer, as HTTP writes it; anything else is left alone
   * @param sent when the request went out, by the worker's clock
   * @param received when its answer began to come in, by the worker's clock
   */
  void answered(@Nullable String date, Instant sent, Instant received) {
    Instant written = parse(date);
    if (written == null || received.isBefore(sent)) {
      return;
    }
    Duration least = Duration.between(received, written);
    Duration most = Duration.between(sent, written).plus(SECOND);
    if (least.abs().compareTo(ABSURD) < 0) {
      learn(least, most);
    }
  }

  private synchronized void learn(Duration least, Duration most) {
    Duration shown = nearest(difference, least, most);
    if (learnt && isFar(shown, difference)) {
      Duration earlier = doubted;
      doubted = shown;
      if (earlier == null || isFar(nearest(earlier, least, most), earlier)) {
        return;
      }
    }
    doubted = null;
    learnt = true;
    boolean explainsNone =
        least.compareTo(NEGLIGIBLE) <= 0 && most.compareTo(NEGLIGIBLE.negated()) >= 0;
    Duration before = difference;
    difference = explainsNone ? Duration.ZERO : shown;
    if (isFar(difference, before)) {
      LOG.warn(
          "The worker's clock differs from AWS's, which is {} ms ahead (negative: behind). The connector counts with AWS's",
          difference.toMillis());
    }
  }

  private static boolean isFar(Duration one, Duration other) {
    return one.minus(other).abs().compareTo(NEGLIGIBLE) > 0;
  }

  private static Duration nearest(Duration wanted, Duration least, Duration most) {
    if (wanted.compareTo(least) < 0) {
      return least;
    }
    return wanted.compareTo(most) > 0 ? most : wanted;
  }

  private @Nullable Instant parse(@Nullable String date) {
    if (date == null) {
      return null;
    }
    Parsed last = lastParsed;
    if (last != null && last.date().equals(date)) {
      return last.instant();
    }
    try {
      Instant instant =
          ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      lastParsed = new Parsed(date, instant);
      return instant;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** To be registered with the clients whose answers are to be learnt from. */
  ExecutionInterceptor interceptor() {
    return new Interceptor();
  }

  private final class Interceptor implements ExecutionInterceptor {
    private static final ExecutionAttribute<Instant> SENT =
        new ExecutionAttribute<>("DynamoKcRequestSent");

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      attributes.putAttribute(SENT, local.instant());
    }

    @Override
    public void afterTransmission(
        Context.AfterTransmission context, ExecutionAttributes attributes) {
      Instant sent = attributes.getAttribute(SENT);
      SdkHttpResponse response = context.httpResponse();
      if (sent != null) {
        answered(response.firstMatchingHeader("Date").orElse(null), sent, local.instant());
      }
    }
  }
}
