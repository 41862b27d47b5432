package io.github.dynamokc.bench;

/** Something to measure. It prints what it found. */
interface Benchmark {
  /**
   * @throws RuntimeException if it cannot be measured, or a record is missing
   */
  void run(Lab lab) throws InterruptedException;
}
