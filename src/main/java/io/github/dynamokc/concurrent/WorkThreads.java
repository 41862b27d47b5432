package io.github.dynamokc.concurrent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one task or monitor: daemons, with the plugin's class loader as theirs, which the
 * SDK needs to find its own parts. They log as the thread that makes this, and are named after
 * owner and job, such as {@code orders-source-task-0-file-3}.
 */
public final class WorkThreads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkThreads.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String name;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicInteger started = new AtomicInteger();
  private final ExecutorService executor;

  /**
   * @param name of the owner: connector, and task or monitor
   */
  public WorkThreads(String name) {
    this.name = name;
    this.executor = Executors.newCachedThreadPool(PluginClassLoader.threads(() -> name));
  }

  /** Opened by {@link #close()}: what waits, waits on this. */
  public CountDownLatch stopped() {
    return stopped;
  }

  /**
   * Runs {@code work} on a thread of its own; what it throws is lost, so it must not throw.
   *
   * @param job what the thread's name says that it does
   */
  public void start(String job, Runnable work) {
    executor.execute(
        () -> {
          Thread thread = Thread.currentThread();
          thread.setName(name + "-" + job + "-" + started.incrementAndGet());
          try {
            work.run();
          } finally {
            thread.setName(name);
          }
        });
  }

  /**
   * Interrupts all threads and does not wait. A thread that waits for bytes from AWS notices only
   * when its client is closed.
   */
  public void interrupt() {
    stopped.countDown();
    executor.shutdownNow();
  }

  /** Whether no work runs any more, after {@link #interrupt} or {@link #close}. */
  public boolean haveEnded() {
    return executor.isTerminated();
  }

  /** Interrupts all threads and waits a few seconds for their end. */
  @Override
  public void close() {
    interrupt();
    try {
      if (!executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Threads of {} still run {} after they were interrupted", name, PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
