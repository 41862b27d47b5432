package io.github.dynamokc.preflight;

import io.github.dynamokc.aws.AwsErrorKind;
import io.github.dynamokc.aws.AwsErrors;
import io.github.dynamokc.config.AwsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A row of questions about one thing, asked one after the other by the thread that calls {@link
 * #call}. Any thread may look at any time at what was found so far, and at what is still without an
 * answer.
 */
final class CheckRun implements Callable<Void> {
  private static final Logger LOG = LoggerFactory.getLogger(CheckRun.class);

  private static final String WITHOUT =
      " If other workers reach it, which run the tasks, set "
          + AwsConfig.PREFLIGHT
          + "=false to do without this check.";

  /** Asks one question after the other. */
  interface Questions {
    void ask(CheckRun probe) throws InterruptedException;
  }

  private final PreflightContext settings;
  private final String subject;
  private final Questions questions;
  private final List<CheckFailure> findings = new ArrayList<>();
  private @Nullable AccessCheck unanswered;
  private long askedNanos;
  private boolean finished;

  /**
   * @param subject what the questions are about, for instance {@code table orders}
   */
  CheckRun(PreflightContext settings, String subject, Questions questions) {
    this.settings = settings;
    this.subject = subject;
    this.questions = questions;
  }

  @Override
  public @Nullable Void call() throws InterruptedException {
    questions.ask(this);
    synchronized (this) {
      finished = true;
    }
    return null;
  }

  /**
   * Asks a question, and keeps what it finds if AWS refuses it.
   *
   * @return AWS's answer, null if there is none
   * @throws InterruptedException if the time is up
   */
  <T> @Nullable T ask(AccessCheck question, Supplier<T> request) throws InterruptedException {
    begin(question);
    try {
      T answer = request.get();
      end();
      return answer;
    } catch (SdkException e) {
      AwsErrorKind kind = AwsErrorKind.of(e);
      if (kind == AwsErrorKind.INTERRUPTED || Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      end();
      refused(question, kind, e);
      return null;
    }
  }

  private synchronized void begin(AccessCheck question) {
    unanswered = question;
    askedNanos = System.nanoTime();
  }

  private synchronized void end() {
    unanswered = null;
  }

  private void refused(AccessCheck question, AwsErrorKind kind, SdkException failure) {
    String key = keyToBlame(question, kind);
    if (key == null) {
      LOG.info("The preflight leaves open whether {} works: {}", question.action(), kind);
      return;
    }
    String absent =
        kind == AwsErrorKind.NOT_FOUND || kind == AwsErrorKind.NO_SUCH_OBJECT
            ? "names " + question.resource() + ", which does not exist: "
            : "does not work: ";
    String described = AwsErrors.describe(question.action(), question.resource(), failure);
    found(
        key,
        question.action() + " " + kind,
        absent + described + (kind == AwsErrorKind.NETWORK ? WITHOUT : ""));
  }

  /** Null if the refusal does not matter. */
  private @Nullable String keyToBlame(AccessCheck question, AwsErrorKind kind) {
    String serviceKey = question.keyOfService(settings.aws().endpoints());
    return switch (kind) {
      case ACCESS_DENIED -> question.key();
      case NETWORK, NOT_SENT -> serviceKey;
      case EXPIRED_CREDENTIALS, INVALID_CREDENTIALS -> settings.credentialsKey(question.service());
      case SERVER_ERROR -> question.decisive() ? serviceKey : null;
      case NOT_FOUND,
          NO_SUCH_OBJECT,
          POSITION_TRIMMED,
          ITERATOR_EXPIRED,
          CONFLICT,
          INVALID,
          OTHER ->
          question.decisive() ? question.key() : null;
      case THROTTLED, INTERRUPTED -> null;
    };
  }

  /**
   * Keeps something that will not work.
   *
   * @param kind tells it from other things that may be wrong with the key
   */
  synchronized void found(String key, String kind, String message) {
    findings.add(new CheckFailure(key, kind, subject, message));
  }

  /** Whether all questions have been asked and answered. */
  synchronized boolean finished() {
    return finished;
  }

  /** What was found so far; a question that has had no answer for long is among it. */
  synchronized List<CheckFailure> findings() {
    List<CheckFailure> all = new ArrayList<>(findings);
    AccessCheck open = unanswered;
    if (open != null && System.nanoTime() - askedNanos >= settings.unansweredAfter().toNanos()) {
      Service service = open.service();
      all.add(
          new CheckFailure(
              open.keyOfService(settings.aws().endpoints()),
              "no answer of " + service,
              subject,
              "does not work: "
                  + service.describe(settings.aws().endpoints())
                  + " gave no answer to "
                  + open.action()
                  + " on "
                  + open.resource()
                  + ". Check that the worker reaches it: network, DNS, aws.http.proxy.url."
                  + WITHOUT));
    }
    return all;
  }
}
