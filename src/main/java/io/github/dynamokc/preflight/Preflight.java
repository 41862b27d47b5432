package io.github.dynamokc.preflight;

import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.concurrent.PluginClassLoader;
import io.github.dynamokc.config.ConfigProblem;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.CredentialsConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks AWS whether a connector with this configuration would work: credentials and role, then each
 * table and bucket, side by side. Nothing is changed in AWS and nothing is paid for but a few
 * requests.
 *
 * <p>It answers within 10 seconds whatever AWS does. A request that has no answer by then is a
 * problem; tables whose turn did not come are only logged. Its threads and connections end with it.
 */
public final class Preflight {
  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);
  private static final Duration LIMIT = Duration.ofSeconds(8);
  private static final Duration PATIENCE_WITH_CLOSING = Duration.ofSeconds(1);
  private static final int MAX_THREADS = 16;

  private final PreflightContext settings;
  private final CredentialsCheck access;
  private final ExecutorService threads;
  private final long deadline;
  private final Map<String, List<String>> notes = new HashMap<>();

  private Preflight(PreflightContext settings) {
    this.settings = settings;
    this.deadline = System.nanoTime() + settings.limit().toNanos();
    this.access = new CredentialsCheck(settings);
    this.threads =
        Executors.newFixedThreadPool(
            threads(settings.config()), PluginClassLoader.threads("dynamokc-preflight"));
  }

  /** As many as there can be questions at a time. */
  private static int threads(ConnectorConfig config) {
    return config.selection().discovers()
        ? MAX_THREADS
        : Math.min(MAX_THREADS, 2 * config.tables().size());
  }

  /**
   * What AWS does not let work, each on the key to change, and what else it says; empty if the
   * configuration does without the preflight. Called on a thread of Connect's REST interface.
   *
   * @param props a configuration without problems of its own; may be without {@code name}
   */
  public static PreflightReport report(Map<String, String> props) {
    return report(props, LIMIT);
  }

  /** As above, for tests that have less time. */
  static PreflightReport report(Map<String, String> props, Duration limit) {
    ConnectorConfig config = config(props);
    if (!config.aws().preflight()) {
      return PreflightReport.EMPTY;
    }
    Preflight preflight = new Preflight(new PreflightContext(props, config, limit));
    try {
      List<ConfigProblem> problems = CheckFailure.problems(preflight.findings());
      return new PreflightReport(problems, preflight.notes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("Interrupted while AWS was asked about the configuration", e);
    } finally {
      preflight.end();
    }
  }

  /** Clients may validate without a name, and Connect itself checks the number of tasks. */
  private static ConnectorConfig config(Map<String, String> props) {
    Map<String, String> complete = new HashMap<>(props);
    complete.remove(ConnectorConfig.TASKS_MAX);
    if (complete.getOrDefault(ConnectorConfig.NAME, "").isBlank()) {
      complete.put(ConnectorConfig.NAME, "preflight");
    }
    return ConnectorConfig.from(complete);
  }

  private List<CheckFailure> findings() throws InterruptedException {
    CheckRun first = new CheckRun(settings, "the connector", access);
    run(List.of(first));
    SdkAwsClients aws = access.clients();
    List<CheckFailure> findings = first.findings();
    if (!findings.isEmpty()) {
      return findings;
    }
    if (aws == null || !first.finished()) {
      String key = settings.credentialsKey(Service.STS);
      return List.of(
          new CheckFailure(
              key,
              "no credentials in time",
              "",
              "does not work: no credentials were found within "
                  + settings.limit().toSeconds()
                  + " seconds; write them into "
                  + CredentialsConfig.ACCESS_KEY_ID
                  + " and "
                  + CredentialsConfig.SECRET_ACCESS_KEY
                  + ", or check where the worker has them from"));
    }
    TableRound round = new TableRound(settings, aws, this::run);
    List<CheckFailure> ofTables = round.findings();
    notes.putAll(round.notes());
    return ofTables;
  }

  /**
   * Returns when all probes have ended or the time is up.
   *
   * @throws ConnectException if one ended with a mistake of ours
   */
  private void run(List<CheckRun> probes) throws InterruptedException {
    for (Future<Void> done :
        threads.invokeAll(probes, deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      try {
        done.get();
      } catch (CancellationException e) {
        // The time was up; the probe tells what it still waits for.
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof InterruptedException)) {
          throw new ConnectException("The configuration could not be checked with AWS", e);
        }
      }
    }
  }

  /** What still waits for AWS ends when its connection is closed, not when it is interrupted. */
  private void end() {
    threads.shutdownNow();
    Thread closing = PluginClassLoader.threads("dynamokc-preflight").newThread(access::close);
    closing.start();
    try {
      long end = System.nanoTime() + PATIENCE_WITH_CLOSING.toNanos();
      closing.join(PATIENCE_WITH_CLOSING.toMillis());
      if (!threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        LOG.warn("A request to AWS still runs after its client was closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
