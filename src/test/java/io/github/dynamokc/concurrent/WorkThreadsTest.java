package io.github.dynamokc.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.LogContextProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
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
      CompletableFuture<String> name = new CompletableFuture<>();
      threads.start(
          "stream",
          () -> {
            name.complete(Thread.currentThread().getName());
            ran.complete(Thread.currentThread());
          });
      Thread thread = ran.get(10, TimeUnit.SECONDS);
      assertThat(name).isCompletedWithValue("orders-task-stream-1");
      assertThat(thread.isDaemon()).isTrue();
      assertThat(thread.getContextClassLoader()).isSameAs(WorkThreads.class.getClassLoader());
    } finally {
      Thread.currentThread().setContextClassLoader(WorkThreadsTest.class.getClassLoader());
    }
  }

  @Test
  void threadsLogAsWhoeverMadeThemWhoeverStartsThem() throws Exception {
    List<WorkThreads> made = new ArrayList<>();
    List<ThreadFactory> factories = new ArrayList<>();
    LogContextProbe.as(
        "[orders|task-0] ",
        () -> {
          made.add(new WorkThreads("orders-task-0"));
          factories.add(PluginClassLoader.threads("history"));
        });
    List<CompletableFuture<Thread>> ran =
        List.of(new CompletableFuture<>(), new CompletableFuture<>());
    LogContextProbe.as(
        "[other|task-7] ",
        () -> {
          made.get(0).start("file", () -> completeWhileHere(ran.get(0)));
          factories.get(0).newThread(() -> completeWhileHere(ran.get(1))).start();
        });
    try {
      for (CompletableFuture<Thread> next : ran) {
        assertThat(LogContextProbe.of(next.get(10, TimeUnit.SECONDS)))
            .isEqualTo("[orders|task-0] ");
      }
    } finally {
      made.get(0).close();
    }
  }

  private static void completeWhileHere(CompletableFuture<Thread> ran) {
    ran.complete(Thread.currentThread());
  }

  @Test
  void threadThatDoesAnotherJobIsRenamed() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    threads.start("file", () -> first.complete(Thread.currentThread().getName()));
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("orders-task-file-1");
    threads.start("open-orders", () -> second.complete(Thread.currentThread().getName()));
    assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("orders-task-open-orders-2");
  }

  @Test
  void closingOpensTheLatchAndWaitsForTheEnd() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CompletableFuture<String> ended = new CompletableFuture<>();
    threads.start(
        "wait",
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
        "wait",
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
    assertThatThrownBy(() -> threads.start("more", () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
