package io.github.dynamokc.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that are found by their name, and end when they are told. */
class WorkThreadsTest {
  private final WorkThreads threads = new WorkThreads("orders-task");

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void threadsAreNamedDaemonsWithThePluginsClassLoader() throws Exception {
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    Thread.currentThread().setContextClassLoader(null);
    try {
      threads.start(() -> ran.complete(Thread.currentThread()));
      Thread thread = ran.get(10, TimeUnit.SECONDS);
      assertThat(thread.getName()).isEqualTo("orders-task-1");
      assertThat(thread.isDaemon()).isTrue();
      assertThat(thread.getContextClassLoader()).isSameAs(WorkThreads.class.getClassLoader());
    } finally {
      Thread.currentThread().setContextClassLoader(WorkThreadsTest.class.getClassLoader());
    }
  }

  @Test
  void closingOpensTheLatchAndWaitsForTheEnd() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CompletableFuture<String> ended = new CompletableFuture<>();
    threads.start(
        () -> {
          began.countDown();
          try {
            threads.stopped().await();
            ended.complete("stopped");
          } catch (InterruptedException e) {
            ended.complete("stopped");
          }
        });
    began.await();
    threads.close();

    assertThat(ended).isCompletedWithValue("stopped");
  }

  @Test
  void interruptingReachesAThreadThatWaitsForSomethingElse() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CompletableFuture<String> ended = new CompletableFuture<>();
    threads.start(
        () -> {
          began.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            ended.complete("interrupted");
          }
        });
    began.await();
    threads.interrupt();

    assertThat(threads.stopped().getCount()).as("for whoever waits on it").isZero();
    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
    assertThatThrownBy(() -> threads.start(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
