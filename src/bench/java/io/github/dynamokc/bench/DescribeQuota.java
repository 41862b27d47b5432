package io.github.dynamokc.bench;

import io.github.dynamokc.testing.aws.AwsRequest;
import io.github.dynamokc.testing.aws.AwsResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What AWS does to DescribeStream: ten calls a second for an account, those above it are throttled.
 * Each call takes its time, also others. Notes when those of DescribeStream came.
 */
final class DescribeQuota implements Function<AwsRequest, Optional<AwsResponse>> {
  private static final double PER_SECOND = 10;
  private static final Duration ANSWER = Duration.ofMillis(15);

  private final long start = System.nanoTime();
  private final List<Long> calls = new ArrayList<>();
  private double left = PER_SECOND;
  private long filledNanos = start;
  private int throttled;

  @Override
  public Optional<AwsResponse> apply(AwsRequest request) {
    boolean refused = request.action().equals("DescribeStream") && refuses();
    try {
      Lab.pause(ANSWER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return refused
        ? Optional.of(AwsResponse.error(400, "ThrottlingException", "Rate exceeded"))
        : Optional.empty();
  }

  private synchronized boolean refuses() {
    long now = System.nanoTime();
    calls.add(now);
    left = Math.min(PER_SECOND, left + (now - filledNanos) / 1e9 * PER_SECOND);
    filledNanos = now;
    if (left < 1) {
      throttled++;
      return true;
    }
    left--;
    return false;
  }

  /**
   * What was called since a moment.
   *
   * @param sinceNanos as {@link System#nanoTime()}
   */
  synchronized String since(long sinceNanos) {
    List<Long> counted = calls.stream().filter(at -> at >= sinceNanos).toList();
    long window = Duration.ofSeconds(10).toNanos();
    int most = 0;
    for (int first = 0, end = 0; first < counted.size(); first++) {
      while (end < counted.size() && counted.get(end) - counted.get(first) < window) {
        end++;
      }
      most = Math.max(most, end - first);
    }
    double seconds = (System.nanoTime() - sinceNanos) / 1e9;
    return "DescribeStream %.2f/s, at most %.1f/s over 10 s, %d calls (%d throttled so far)"
        .formatted(counted.size() / seconds, most / 10.0, counted.size(), throttled);
  }
}
