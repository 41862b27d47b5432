package io.github.dynamokc.concurrent;

import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * Runs what creates SDK objects under the plugin's class loader.
 *
 * <p>The SDK looks up services through the thread's context class loader, and its threads inherit
 * it. On a Connect worker the thread at hand may carry the worker's loader, or another plugin's.
 */
public final class PluginClassLoader {
  private PluginClassLoader() {}

  public static ClassLoader get() {
    return PluginClassLoader.class.getClassLoader();
  }

  /**
   * Makes daemon threads that have the plugin's class loader, and log as the thread that calls
   * this. Their name is the job and the name of that thread, which tells connector and task.
   *
   * @param job what the threads are for
   */
  public static ThreadFactory threads(String job) {
    String name = job + " of " + Thread.currentThread().getName();
    return threads(() -> name);
  }

  /**
   * The same with a name for each thread.
   *
   * @param name asked before each thread is made
   */
  static ThreadFactory threads(Supplier<String> name) {
    LogContext context = LogContext.current();
    return task -> {
      Thread thread = new Thread(context.around(task), name.get());
      thread.setDaemon(true);
      thread.setContextClassLoader(get());
      return thread;
    };
  }

  public static <T> T call(Supplier<T> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(get());
    try {
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
