package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.aws.ExportJob.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The exports of an account and how far each is. An export ends by itself after a delay, unless a
 * test holds the exports back or has planned a failure.
 */
final class ExportJobs implements AutoCloseable {
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(8);
  private static final int MOST_AT_A_TIME = 300;

  private final ExportWriter writer;
  private final Clock clock;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "exports");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<ExportJob, State> jobs = new LinkedHashMap<>();
  private final List<ExportJob> heldBack = new ArrayList<>();
  private final Deque<PlannedFailure> plannedFailures = new ArrayDeque<>();
  private boolean hold;
  private Duration delay = Duration.ZERO;

  private record PlannedFailure(String code, String message) {}

  ExportJobs(ExportWriter writer, Clock clock) {
    this.writer = writer;
    this.clock = clock;
  }

  synchronized void delay(Duration duration) {
    delay = duration;
  }

  synchronized void hold() {
    hold = true;
  }

  synchronized void release() {
    hold = false;
    heldBack.forEach(job -> worker.execute(() -> finish(job)));
    heldBack.clear();
  }

  synchronized void failNext(int count, String code, String message) {
    for (int i = 0; i < count; i++) {
      plannedFailures.add(new PlannedFailure(code, message));
    }
  }

  /** The export that an earlier request with this token has started. */
  synchronized Optional<ExportJob> withToken(String clientToken, JsonNode request) {
    Instant oldest = clock.instant().minus(TOKEN_LIFETIME);
    Optional<ExportJob> earlier =
        jobs.keySet().stream()
            .filter(job -> job.clientToken().equals(clientToken))
            .filter(job -> !job.startTime().isBefore(oldest))
            .findFirst();
    if (earlier.isPresent()
        && !withoutToken(earlier.get().request()).equals(withoutToken(request))) {
      throw AwsErrorException.badRequest(
          "ExportConflictException",
          "The client token " + clientToken + " was used with other parameters");
    }
    return earlier;
  }

  private static JsonNode withoutToken(JsonNode request) {
    ObjectNode copy = request.deepCopy();
    copy.remove("ClientToken");
    return copy;
  }

  /** Takes the export on and gives its description at this moment. */
  synchronized ObjectNode submit(ExportJob job) {
    if (jobs.values().stream().filter(State.InProgress.class::isInstance).count()
        >= MOST_AT_A_TIME) {
      throw AwsErrorException.badRequest(
          "LimitExceededException", MOST_AT_A_TIME + " exports are in progress already");
    }
    State state = new State.InProgress();
    jobs.put(job, state);
    worker.schedule(() -> finish(job), delay.toMillis(), TimeUnit.MILLISECONDS);
    return job.description(state);
  }

  private void finish(ExportJob job) {
    PlannedFailure failure;
    synchronized (this) {
      if (hold) {
        heldBack.add(job);
        return;
      }
      failure = plannedFailures.poll();
    }
    State end =
        failure == null
            ? write(job)
            : new State.Failed(clock.instant(), failure.code(), failure.message());
    synchronized (this) {
      jobs.put(job, end);
    }
  }

  private State write(ExportJob job) {
    try {
      writer.writeStarted(job);
      Instant endTime = clock.instant();
      return new State.Completed(endTime, writer.write(job, endTime));
    } catch (NoSuchBucketException e) {
      return new State.Failed(
          clock.instant(), "S3NoSuchBucket", "The specified bucket does not exist");
    } catch (S3Exception e) {
      String code = e.statusCode() == 403 ? "S3AccessDenied" : "UNKNOWN";
      return new State.Failed(clock.instant(), code, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // On this thread nobody else would see it, and the export would stay in progress for ever.
      return new State.Failed(clock.instant(), "UNKNOWN", e.toString());
    }
  }

  synchronized ObjectNode description(ExportJob job) {
    State state = jobs.get(job);
    if (state == null) {
      throw new IllegalStateException("Never submitted: " + job.arn());
    }
    return job.description(state);
  }

  ObjectNode describe(String arn) {
    return jobs().stream()
        .filter(job -> job.arn().equals(arn))
        .findFirst()
        .map(this::description)
        .orElseThrow(
            () ->
                AwsErrorException.badRequest(
                    "ExportNotFoundException", "Export not found: " + arn));
  }

  synchronized List<ExportJob> jobs() {
    return List.copyOf(jobs.keySet());
  }

  synchronized ObjectNode summary(ExportJob job) {
    return job.summary(jobs.getOrDefault(job, new State.InProgress()));
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
