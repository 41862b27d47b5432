package io.github.dynamokc.aws;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one place that says which failures of calls to AWS are waited out, for as long as {@code
 * stall.timeout.ms} allows, and which fail at once; for whoever asks AWS. Thread-safe.
 *
 * <ul>
 *   <li>Throttling, server errors and network trouble are always waited out.
 *   <li>Credentials that are expired, unknown or not found are waited out once any call has
 *       succeeded with some: they are about to be renewed, and a key that was just made, or a clock
 *       that was just set, is refused by parts of AWS for a while. Before any success the
 *       configuration is wrong, and the user wants to know at once.
 *   <li>A denied call, and one of what is said not to exist, is waited out once the same call has
 *       succeeded: policies are changed, and what AWS says of existence is eventually consistent.
 *       That something does not exist any more is for the caller to conclude, from several answers.
 *   <li>All else fails at once.
 * </ul>
 */
public final class ErrorPolicy {
  /** More than a task or monitor repeats; what is forgotten counts as a first call. */
  private static final int MAX_REMEMBERED = 10_000;

  private final Map<String, Boolean> succeeded =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /**
   * To be called after a success.
   *
   * @param action the IAM action
   * @param resource what it was called on
   */
  public synchronized void succeeded(String action, String resource) {
    succeeded.put(key(action, resource), true);
  }

  /** Whether a call that failed is to be repeated. */
  public synchronized boolean isWaitedOut(String action, String resource, Throwable failure) {
    return switch (AwsErrorKind.of(failure)) {
      case THROTTLED, SERVER_ERROR, NETWORK -> true;
      case EXPIRED_CREDENTIALS, INVALID_CREDENTIALS, NOT_SENT -> !succeeded.isEmpty();
      case ACCESS_DENIED ->
          AwsErrors.isOfRole(failure) ? !succeeded.isEmpty() : worked(action, resource);
      case NOT_FOUND -> worked(action, resource);
      case INTERRUPTED,
          NO_SUCH_OBJECT,
          POSITION_TRIMMED,
          ITERATOR_EXPIRED,
          CONFLICT,
          INVALID,
          OTHER ->
          false;
    };
  }

  private boolean worked(String action, String resource) {
    return succeeded.containsKey(key(action, resource));
  }

  private static String key(String action, String resource) {
    return action + ' ' + resource;
  }
}
