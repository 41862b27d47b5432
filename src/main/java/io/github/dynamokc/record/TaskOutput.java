package io.github.dynamokc.record;

import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a piece of work puts its records and its failure. */
public record TaskOutput(RecordQueue queue, StatusRecords status) {
  private static final Logger LOG = LoggerFactory.getLogger(TaskOutput.class);

  /** Work that ends by itself, by being interrupted, or by failing. */
  @FunctionalInterface
  public interface Work {
    void run() throws InterruptedException;
  }

  /**
   * Runs work on the current thread so that nothing it throws is lost: whatever ends it before its
   * time fails the task.
   *
   * @param what names the work in the failure
   */
  public void run(String what, Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      // A task that stops does not poll any more; one that does not stop must not lose a thread.
      LOG.debug("{} stopped", what);
      queue.fail(new ConnectException(what + " was interrupted", e));
    } catch (ConnectException e) {
      queue.fail(e);
    } catch (RuntimeException | Error e) {
      queue.fail(new ConnectException(what + " failed: " + e, e));
    }
  }
}
