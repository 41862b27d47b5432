package io.github.dynamokc.stream;

/** Work that the {@link ShardScheduler} does bit by bit, one step at a time. */
interface Job {
  /**
   * Does the next bit: at most a few requests, never a wait but for room in the task's queue.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException if the work cannot go on; it fails the
   *     task
   */
  JobResult step() throws InterruptedException;
}
