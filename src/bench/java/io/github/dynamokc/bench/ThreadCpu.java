package io.github.dynamokc.bench;

/** The CPU time that some threads of a process take, from a moment on. On Linux. */
final class ThreadCpu {
  private final long pid;
  private final String name;
  private final double before;
  private final long start = System.nanoTime();

  /**
   * @param name how the names of the threads begin; of no more than 15 characters
   */
  ThreadCpu(long pid, String name) {
    this.pid = pid;
    this.name = name;
    this.before = seconds();
  }

  private double seconds() {
    return ThreadTime.of(pid).values().stream()
        .filter(thread -> thread.name().startsWith(name))
        .mapToDouble(ThreadTime::seconds)
        .sum();
  }

  /** How much of one core they took since the start. */
  @Override
  public String toString() {
    return "%.1f %% of a core"
        .formatted(100 * (seconds() - before) / ((System.nanoTime() - start) / 1e9));
  }
}
