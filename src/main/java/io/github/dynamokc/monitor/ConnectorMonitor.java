package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.plan.FollowedTables;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.Plan;
import io.github.dynamokc.plan.PlanText;
import io.github.dynamokc.plan.PlannedTask;
import io.github.dynamokc.plan.StandingPlan;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.stream.RateLimiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes offsets and AWS, plans, and asks Connect to reconfigure the tasks when the work has
 * changed. Each table is observed on a thread of its own, all plans are made on one; only the
 * latest finished plan is seen by others.
 */
public final class ConnectorMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectorMonitor.class);
  private static final Duration FIRST_PLAN_PATIENCE = Duration.ofSeconds(90);

  /** Shares that stay uneven are no news; this is well below the patience with them. */
  private static final Duration BETWEEN_UPDATES = Duration.ofMinutes(1);

  /** For so long news of several tables are gathered. */
  private static final Duration GATHERING = Duration.ofMillis(200);

  private static final Duration DELETION_POLL_INTERVAL = Duration.ofSeconds(5);

  private final ConnectorConfig config;
  private final Map<String, String> props;
  private final MonitorResources resources;
  private final Duration firstPlanWithin;
  private final WorkThreads threads;

  /** Of a monitor that has failed. */
  private final WorkThreads failedThreads;

  private final OffsetReader offsets;
  private final RetryingCalls calls;
  private final RateLimiter describes;

  private final TableWatches watches;

  private final Host host;
  private final CompletableFuture<Plan> firstPlan = new CompletableFuture<>();
  private volatile @Nullable Planned planned;

  /** Guarded by this. */
  private boolean failed;

  /**
   * The latest plan.
   *
   * @param tables that it has work on
   */
  private record Planned(PlanText text, List<String> tables) {}

  /** What a monitor asks of Connect. From any thread of the monitor. */
  public interface Host {
    /** Asks Connect to call {@link #taskConfigs} and restart the tasks. */
    void requestReconfiguration();

    /** Makes the connector FAILED; its tasks run on. */
    void fail(Exception cause);

    /** Where the worker shows metrics. */
    MetricsSink metrics();
  }

  private ConnectorMonitor(
      ConnectorConfig config,
      Map<String, String> props,
      OffsetReader offsets,
      Host host,
      MonitorResources resources,
      Duration firstPlanWithin) {
    this.config = config;
    this.props = Map.copyOf(props);
    this.offsets = offsets;
    this.host = host;
    this.resources = resources;
    this.firstPlanWithin = firstPlanWithin;
    this.threads = new WorkThreads(config.connectorName() + "-monitor");
    this.failedThreads = new WorkThreads(config.connectorName() + "-failed-monitor");
    this.calls =
        new RetryingCalls(
            new Retrier(
                threads.stopped(), resources.clock(), resources.random(), config.stallTimeout()));
    this.describes = RateLimiter.ofMonitor(resources.nanoTime(), config.streamDescribeRate());
    this.watches = new TableWatches(config, resources, calls, describes, offsets, this::observe);
  }

  /**
   * Returns when there is a first plan.
   *
   * @param props the connector's properties
   * @throws ConnectException if no plan could be made in 90 s, saying why
   */
  public static ConnectorMonitor start(
      Map<String, String> props, OffsetStorageReader offsets, Host host) {
    ConnectorConfig config = ConnectorConfig.from(props);
    return start(
        config, props, offsets, host, MonitorResources.create(config), FIRST_PLAN_PATIENCE);
  }

  /**
   * The same with given resources, which the monitor closes.
   *
   * @param firstPlanWithin how long the first plan may take
   */
  static ConnectorMonitor start(
      ConnectorConfig config,
      Map<String, String> props,
      OffsetStorageReader offsets,
      Host host,
      MonitorResources resources,
      Duration firstPlanWithin) {
    ConnectorMonitor monitor = null;
    boolean started = false;
    try {
      monitor =
          new ConnectorMonitor(
              config, props, new OffsetReader(offsets), host, resources, firstPlanWithin);
      monitor.startThreads();
      monitor.awaitFirstPlan();
      started = true;
      return monitor;
    } finally {
      if (monitor == null) {
        resources.aws().close();
      } else if (!started) {
        monitor.close();
      }
    }
  }

  private void awaitFirstPlan() {
    try {
      firstPlan.get(firstPlanWithin.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw asConnectException(Objects.requireNonNullElse(e.getCause(), e));
    } catch (TimeoutException e) {
      throw new ConnectException(
          "The connector's offsets and the state of its tables in AWS could not be read within "
              + firstPlanWithin.toSeconds()
              + " s; the worker's log says what was tried. Running tasks are not touched",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("Interrupted while starting", e);
    }
  }

  /** The latest finished plan as task configs. Never waits. */
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    Planned latest = Objects.requireNonNull(planned, "started with a plan");
    List<PlannedTask> tasks = latest.text().tasks();
    if (tasks.size() > maxTasks) {
      throw new ConnectException(
          "The plan has " + tasks.size() + " tasks, Connect allows " + maxTasks);
    }
    List<Map<String, String>> configs = new ArrayList<>();
    for (PlannedTask task : tasks) {
      Map<String, String> taskConfig = new HashMap<>(props);
      taskConfig.putAll(task.toConfig());
      if (config.selection().discovers()) {
        taskConfig.putAll(FollowedTables.toConfig(latest.tables()));
      }
      configs.add(taskConfig);
    }
    return configs;
  }

  @Override
  public void close() {
    synchronized (this) {
      threads.interrupt();
      failedThreads.interrupt();
    }
    resources.aws().close();
    threads.close();
    watches.close();
  }

  private void startThreads() {
    threads.start(
        "tables",
        () ->
            run(
                () ->
                    watches.run(
                        observations ->
                            threads.start("plan", () -> run(() -> plan(observations))))));
  }

  private void observe(TableWatch watch) {
    threads.start(
        "observe-" + watch.name(),
        () -> run(() -> watch.run(config.connectorName(), host.metrics())));
  }

  private void run(TaskOutput.Work work) {
    try {
      work.run();
    } catch (InterruptedException | RuntimeException | Error e) {
      if (threads.stopped().getCount() > 0) {
        ended(e);
      } else {
        // Whatever a call makes of being interrupted.
        LOG.debug("The monitor of {} stopped", config.connectorName(), e);
      }
    }
  }

  private void plan(LatestObservations observations) throws InterruptedException {
    EarlierPlan earlier = EarlierPlan.read(offsets, config.tasksMax());
    StandingPlan standing =
        new StandingPlan(
            config.tasksMax(), config.restartInterval(), earlier == null ? null : earlier.plan());
    if (earlier != null) {
      // Its tasks may run already, or still, and share the budget while the monitor lists.
      shareBudget(earlier.plan());
    }
    while (true) {
      List<ObservedTable> tables = observations.awaitChange(untilUpdate(standing));
      Plan plan = standing.update(tables, resources.clock().millis());
      if (plan != null) {
        PlanText again = earlier != null && plan.equals(earlier.plan()) ? earlier.text() : null;
        shareBudget(plan);
        planned =
            new Planned(
                again == null ? PlanText.of(plan, config.tasksMax()) : again, plan.tables());
        LOG.info("Connector {}: {}", config.connectorName(), describe(tables, plan, again != null));
        if (!firstPlan.complete(plan)) {
          host.requestReconfiguration();
        }
      }
      calls.pause(GATHERING);
    }
  }

  private static Duration untilUpdate(StandingPlan standing) {
    long wait = standing.waitMs();
    return wait > 0 ? Duration.ofMillis(wait) : BETWEEN_UPDATES;
  }

  private void shareBudget(Plan plan) {
    describes.shareWith(plan.readsStreams() ? plan.tasks().size() : 0);
  }

  /**
   * A connector without its monitor must not be taken for one that runs. Connect plans nothing for
   * one that has failed, so there is nothing more to observe.
   */
  private void ended(Throwable cause) {
    if (firstPlan.completeExceptionally(cause)) {
      return;
    }
    synchronized (this) {
      if (failed || threads.stopped().getCount() == 0) {
        return;
      }
      failed = true;
      failedThreads.start("await-deletion", this::awaitDeletion);
    }
    // Connect may be about to stop the connector: nothing of ours is locked while it is told.
    try {
      host.fail(asConnectException(cause));
    } finally {
      threads.interrupt();
      resources.aws().close();
    }
  }

  /**
   * Shows what was counted for as long as the connector is there. Connect does not stop one that
   * has failed, but when it is deleted, restarted or moved, its offsets cannot be read any more.
   */
  private void awaitDeletion() {
    try {
      while (!failedThreads
          .stopped()
          .await(DELETION_POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        offsets.committedAssignments(List.of(0));
      }
    } catch (InterruptedException | RuntimeException e) {
      LOG.debug("{} is there no more", config.connectorName(), e);
    }
    watches.close();
  }

  private static String describe(List<ObservedTable> tables, Plan plan, boolean again) {
    StringBuilder text =
        new StringBuilder(
            (again ? "the earlier plan" : "new plan") + " of " + plan.tasks().size() + " task(s)");
    for (ObservedTable table : tables) {
      text.append(", ").append(table.table()).append(' ').append(table.phase());
    }
    return text.toString();
  }

  private static ConnectException asConnectException(Throwable e) {
    return e instanceof ConnectException connect
        ? connect
        : new ConnectException("The connector's monitor failed: " + e, e);
  }
}
