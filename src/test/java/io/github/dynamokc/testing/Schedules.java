package io.github.dynamokc.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;

/**
 * Runs a scenario of a few threads again and again, each time with another schedule: which thread
 * goes on, and where it is stopped, is Lincheck's choice, not luck. Schedules with few switches
 * come first. A test fails with the schedule in which a check fails, or in which threads wait for
 * each other for ever.
 *
 * <p>No time passes in a scenario. A wait with a time limit on a {@code Condition} ends by a signal
 * only; {@code Object.wait} with one ends at once. Memory is sequentially consistent: a missing
 * {@code volatile} is not found. A scenario makes all that it changes itself.
 *
 * <p>The tests have the tag {@link #TAG}, which gives them a JVM of their own.
 */
public final class Schedules {
  /** Of each test that tries schedules. */
  public static final String TAG = "schedules";

  /** A second or two: enough for a scenario of a few steps. */
  public static final int FEW = 30;

  /** A few seconds, for what goes wrong in few places only. */
  public static final int SOME = 150;

  /** A minute, for tests with the tag {@code full}. */
  public static final int MANY = 2_000;

  private Schedules() {}

  /** What a thread does. */
  @FunctionalInterface
  public interface Action {
    void run() throws Exception;
  }

  /**
   * Tries {@code schedules} of a scenario, or all if there are fewer.
   *
   * @param scenario run from its beginning each time
   */
  public static void tryOut(int schedules, Action scenario) {
    Runnable once =
        () -> {
          try {
            scenario.run();
          } catch (Exception e) {
            throw new AssertionError(e.toString(), e);
          }
        };
    try {
      // Lincheck gives a schedule 30 seconds. On a busy machine the first one takes as long,
      // because
      // classes are loaded and changed in it; whatever it shows is shown again.
      Lincheck.runConcurrentTest(1, once);
    } catch (LincheckAssertionError e) {
      // The same schedule is the first below.
    }
    Lincheck.runConcurrentTest(schedules, once);
  }

  /** In a scenario: does all at the same time, the last on the calling thread, and waits. */
  public static void together(Action... actions) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < actions.length - 1; i++) {
      Action action = actions[i];
      Thread thread = new Thread(() -> run(action, failure));
      threads.add(thread);
      thread.start();
    }
    run(actions[actions.length - 1], failure);
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get().toString(), failure.get());
    }
  }

  private static void run(Action action, AtomicReference<Throwable> failure) {
    try {
      action.run();
    } catch (Exception | AssertionError e) {
      failure.set(e);
    }
  }

  /** In a scenario: a check without the code of an assertion library, which would be tried too. */
  public static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
