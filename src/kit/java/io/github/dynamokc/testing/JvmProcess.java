package io.github.dynamokc.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server in a JVM of its own, with a class path of its own, whose output goes to a log file. It
 * ends with the JVM that started it.
 */
public final class JvmProcess implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private final String name;
  private final Process process;
  private final Path log;
  private final Thread endWithParent;

  private JvmProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.endWithParent = new Thread(process::destroyForcibly, "end-" + name);
    Runtime.getRuntime().addShutdownHook(endWithParent);
  }

  /**
   * @param name names the process in messages
   * @param log where its standard output and error are appended
   * @param classPath entries as {@code java -cp} takes them, {@code dir/*} included
   * @param jvmArguments heap size, system properties
   */
  public static JvmProcess start(
      String name,
      Path log,
      List<String> classPath,
      List<String> jvmArguments,
      String mainClass,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=4");
    command.addAll(jvmArguments);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath));
    command.add(mainClass);
    command.addAll(arguments);
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new JvmProcess(name, process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + name, e);
    }
  }

  /** A port of the loopback interface that was free a moment ago. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on loopback", e);
    }
  }

  /** Waits until {@code condition} holds; fails with the end of the log if it never does. */
  public JvmProcess await(String what, Duration timeout, BooleanSupplier condition) {
    Eventually.within(timeout, name + ": " + what)
        .every(POLL)
        .until(
            () -> {
              boolean holds = condition.getAsBoolean();
              if (!holds && !process.isAlive()) {
                throw new IllegalStateException(
                    "%s ended with %d before %s%n%s"
                        .formatted(name, process.exitValue(), what, logTail()));
              }
              return holds;
            },
            holds -> holds,
            holds -> logTail());
    return this;
  }

  /** Waits until the loopback port accepts connections. */
  public JvmProcess awaitPort(int port, Duration timeout) {
    return await(
        "open port " + port,
        timeout,
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Waits for the process to end by itself; fails unless it ends with 0. */
  public void awaitExit(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(name + " did not end within " + timeout + "\n" + logTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + name, e);
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          name + " ended with " + process.exitValue() + "\n" + logTail());
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** The last 80 lines of the log. */
  public String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 80), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  public Path log() {
    return log;
  }

  /** SIGKILL: nothing in the process gets to run again. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM, then SIGKILL after 30 s. */
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(endWithParent);
    } catch (IllegalStateException e) {
      // The hooks are running: the process has ended already, which is all the hook is for.
    }
  }

  @Override
  public void close() {
    stop();
  }
}
