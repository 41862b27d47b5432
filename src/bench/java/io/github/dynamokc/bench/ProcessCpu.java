package io.github.dynamokc.bench;

import java.time.Duration;

/** The CPU time that a process takes, from a moment on. */
final class ProcessCpu {
  private final long pid;
  private final Duration before;
  private final long start = System.nanoTime();

  private ProcessCpu(long pid) {
    this.pid = pid;
    this.before = total(pid);
  }

  static ProcessCpu start(long pid) {
    return new ProcessCpu(pid);
  }

  static ProcessCpu ofThisJvm() {
    return start(ProcessHandle.current().pid());
  }

  /** In seconds, of all cores together. */
  double seconds() {
    return total(pid).minus(before).toMillis() / 1e3;
  }

  private static Duration total(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IllegalStateException("No CPU time of process " + pid));
  }

  /** How much of one core it took since the start. */
  @Override
  public String toString() {
    return "%.0f %% of a core".formatted(100 * seconds() / ((System.nanoTime() - start) / 1e9));
  }
}
