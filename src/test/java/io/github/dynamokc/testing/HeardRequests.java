package io.github.dynamokc.testing;

import io.github.dynamokc.aws.RequestListener;
import java.util.ArrayList;
import java.util.List;

/** Notes what it hears of requests. Not thread-safe. */
public final class HeardRequests implements RequestListener {
  private final List<Integer> statuses = new ArrayList<>();
  private int sent;

  @Override
  public void sent() {
    sent++;
  }

  @Override
  public void answered(int status) {
    statuses.add(status);
  }

  public int count() {
    return sent;
  }

  /** What was answered, in order. */
  public List<Integer> statuses() {
    return statuses;
  }
}
