package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.WorkThreads;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.metrics.MetricsSink;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.plan.Plan;
import io.github.dynamokc.plan.Planner;
import io.github.dynamokc.plan.RebalancePolicy;
import io.github.dynamokc.plan.TaskAssignment;
import io.github.dynamokc.record.TaskOutput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
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
  private static final Duration DELETION_POLL_INTERVAL = Duration.ofSeconds(5);

  private final ConnectorConfig config;
  private final Map<String, String> props;
  private final AwsClients aws;
  private final InstantSource clock = InstantSource.system();
  private final RebalancePolicy rebalance = new RebalancePolicy();
  private final WorkThreads threads;

  /** Of a monitor that has failed. */
  private final WorkThreads failedThreads;

  private final OffsetReader offsets;
  private final RetryingCalls calls;
  private final List<TableObserver> observers;
  private final LatestObservations observations;
  private final Runnable requestReconfiguration;
  private final Consumer<Exception> fail;
  private final CompletableFuture<Plan> firstPlan = new CompletableFuture<>();
  private volatile @Nullable List<TaskAssignment> planned;

  /** Guarded by this. */
  private boolean failed;

  private ConnectorMonitor(
      Map<String, String> props,
      OffsetStorageReader offsets,
      MetricsSink metrics,
      Runnable requestReconfiguration,
      Consumer<Exception> fail) {
    this.config = ConnectorConfig.from(props);
    this.props = Map.copyOf(props);
    this.aws = AwsClients.create(config.aws(), config.region());
    this.threads = new WorkThreads(config.connectorName() + "-monitor");
    this.failedThreads = new WorkThreads(config.connectorName() + "-failed-monitor");
    this.calls = new RetryingCalls(threads.stopped(), clock, new Random(), config.stallTimeout());
    this.requestReconfiguration = requestReconfiguration;
    this.fail = fail;
    this.offsets = new OffsetReader(offsets);
    this.observers =
        config.tables().stream()
            .map(
                table ->
                    new TableObserver(
                        config.connectorName(), table, metrics, aws, calls, this.offsets, clock))
            .toList();
    this.observations = new LatestObservations(observers.size());
  }

  /**
   * Returns when there is a first plan.
   *
   * @param props the connector's properties
   * @param metrics where the worker shows metrics
   * @param requestReconfiguration asks Connect to call {@link #taskConfigs} and restart the tasks
   * @param fail makes the connector FAILED; its tasks run on
   * @throws ConnectException if no plan could be made in 90 s, saying why
   */
  public static ConnectorMonitor start(
      Map<String, String> props,
      OffsetStorageReader offsets,
      MetricsSink metrics,
      Runnable requestReconfiguration,
      Consumer<Exception> fail) {
    ConnectorMonitor monitor =
        new ConnectorMonitor(props, offsets, metrics, requestReconfiguration, fail);
    monitor.start();
    boolean started = false;
    try {
      monitor.firstPlan.get(FIRST_PLAN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      started = true;
      return monitor;
    } catch (ExecutionException e) {
      throw asConnectException(Objects.requireNonNullElse(e.getCause(), e));
    } catch (TimeoutException e) {
      throw new ConnectException(
          "The connector's offsets and the state of its tables in AWS could not be read within "
              + FIRST_PLAN_PATIENCE.toSeconds()
              + " s; the worker's log says what was tried. Running tasks are not touched",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("Interrupted while starting", e);
    } finally {
      if (!started) {
        monitor.close();
      }
    }
  }

  /** The latest finished plan as task configs. Never waits. */
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    List<TaskAssignment> assignments = Objects.requireNonNull(planned, "started with a plan");
    if (assignments.size() > maxTasks) {
      throw new ConnectException(
          "The plan has " + assignments.size() + " tasks, Connect allows " + maxTasks);
    }
    List<Map<String, String>> configs = new ArrayList<>();
    for (TaskAssignment assignment : assignments) {
      Map<String, String> task = new HashMap<>(props);
      task.put(TaskAssignment.CONFIG_KEY, assignment.toConfig());
      task.put(TaskAssignment.ID_KEY, Integer.toString(configs.size()));
      configs.add(task);
    }
    return configs;
  }

  @Override
  public void close() {
    synchronized (this) {
      threads.interrupt();
      failedThreads.interrupt();
    }
    aws.close();
    threads.close();
    observers.forEach(TableObserver::close);
  }

  private void start() {
    for (int place = 0; place < observers.size(); place++) {
      int table = place;
      threads.start(() -> run(() -> observe(table)));
    }
    threads.start(() -> run(this::plan));
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

  private void observe(int place) throws InterruptedException {
    while (true) {
      ObservedTable table = observers.get(place).observe();
      observations.put(place, table);
      calls.pause(untilNextObservation(table, config.tables().get(place)));
    }
  }

  private void plan() throws InterruptedException {
    Plan plan = null;
    while (true) {
      List<ObservedTable> tables = observations.awaitChange();
      boolean first = plan == null;
      if (plan == null || !plan.isStillValid(tables) || isSkewed(plan, tables)) {
        plan = Planner.plan(tables, config.tasksMax());
        planned = plan.tasks();
        LOG.info("Connector {}: {}", config.connectorName(), describe(tables, plan));
        if (first) {
          firstPlan.complete(plan);
        } else {
          requestReconfiguration.run();
        }
      }
    }
  }

  private boolean isSkewed(Plan plan, List<ObservedTable> tables) {
    return rebalance.shouldRebalance(
        plan, Planner.plan(tables, config.tasksMax()), tables, clock.millis());
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
      failedThreads.start(this::awaitDeletion);
    }
    // Connect may be about to stop the connector: nothing of ours is locked while it is told.
    try {
      fail.accept(asConnectException(cause));
    } finally {
      threads.interrupt();
      aws.close();
    }
  }

  /**
   * Shows what was counted for as long as the connector is there. Connect does not stop one that
   * has failed, but when it is deleted, restarted or moved, its offsets cannot be read any more.
   */
  private void awaitDeletion() {
    try {
      String table = config.tables().get(0).table().name();
      while (!failedThreads
          .stopped()
          .await(DELETION_POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        offsets.table(table);
      }
    } catch (InterruptedException | RuntimeException e) {
      LOG.debug("{} is there no more", config.connectorName(), e);
    }
    observers.forEach(TableObserver::close);
  }

  /** A phase change is due sooner than a new shard is news. */
  private static Duration untilNextObservation(ObservedTable table, TableConfig config) {
    boolean phaseChangeIsDue =
        table instanceof ObservedTable.Preparing || table instanceof ObservedTable.Loading;
    return phaseChangeIsDue
        ? config.snapshot().exportPollInterval()
        : config.stream().shardDiscoveryInterval();
  }

  private static String describe(List<ObservedTable> tables, Plan plan) {
    StringBuilder text = new StringBuilder("new plan of " + plan.tasks().size() + " task(s)");
    for (ObservedTable table : tables) {
      text.append(", ").append(table.table()).append(' ').append(table.getClass().getSimpleName());
    }
    return text.toString();
  }

  private static ConnectException asConnectException(Throwable e) {
    return e instanceof ConnectException connect
        ? connect
        : new ConnectException("The connector's monitor failed: " + e, e);
  }
}
