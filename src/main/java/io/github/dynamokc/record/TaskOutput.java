package io.github.dynamokc.record;

import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.delivery.RecordQueue;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.offset.SourceOffset;
import io.github.dynamokc.offset.SourcePartition;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a piece of work puts its records and its failure.
 *
 * @param toleratesErrors whether items that cannot be converted are skipped, as {@code
 *     errors.tolerance=all} wants it
 * @param way how batches get into the queue
 * @param failures told of what the work could not go on with; does not wait
 */
public record TaskOutput(
    RecordQueue queue,
    StatusRecords status,
    boolean toleratesErrors,
    Way way,
    Consumer<ConnectException> failures) {
  private static final Logger LOG = LoggerFactory.getLogger(TaskOutput.class);

  /** How batches get into the queue, with what else is to be committed with them. */
  @FunctionalInterface
  public interface Way {
    /**
     * Puts a batch into the queue, in order, waiting for room. From any thread of the task.
     *
     * @throws InterruptedException if the task stops meanwhile
     */
    void put(List<TrackedRecord> batch) throws InterruptedException;
  }

  /** One that puts nothing into the queue but what is handed over. */
  public TaskOutput(RecordQueue queue, StatusRecords status, boolean toleratesErrors) {
    this(queue, status, toleratesErrors, queue::put, queue::fail);
  }

  /** The same for work that goes another way and fails by itself. */
  public TaskOutput through(Way otherWay, Consumer<ConnectException> otherFailures) {
    return new TaskOutput(queue, status, toleratesErrors, otherWay, otherFailures);
  }

  /** Work that ends by itself, by being interrupted, or by failing. */
  @FunctionalInterface
  public interface Work {
    void run() throws InterruptedException;
  }

  /**
   * Commits an offset that no data record carries, with a status record that nobody waits for.
   *
   * @param offset null takes the partition's offset away
   * @throws InterruptedException if the task stops while the queue is full
   */
  public void announce(StatusType type, SourcePartition partition, @Nullable SourceOffset offset)
      throws InterruptedException {
    put(status.record(type, partition, offset));
  }

  /**
   * Commits an offset that no data record carries, and says more than it does.
   *
   * @param offset null takes the partition's offset away
   * @param said fields of the status record
   * @throws InterruptedException if the task stops while the queue is full
   */
  public void announce(
      StatusType type,
      SourcePartition partition,
      @Nullable SourceOffset offset,
      Map<String, Object> said)
      throws InterruptedException {
    put(status.record(type, partition, offset, said));
  }

  /**
   * Commits an offset that no data record carries.
   *
   * @param callback told when the status record is acknowledged
   * @throws InterruptedException if the task stops while the queue is full
   */
  public void announce(
      StatusType type, SourcePartition partition, SourceOffset offset, DeliveryCallback callback)
      throws InterruptedException {
    put(status.record(type, partition, offset, callback));
  }

  /**
   * Commits where to go on after a loss of changes, and says in the status topic what is lost.
   *
   * @param callback told when the status record is acknowledged
   * @throws InterruptedException if the task stops while the queue is full
   */
  public void announceLoss(
      SourcePartition partition,
      @Nullable SourceOffset offset,
      Loss loss,
      DeliveryCallback callback)
      throws InterruptedException {
    put(status.dataLoss(partition, offset, loss, callback));
  }

  /** Hands a batch over in order, waiting for room. */
  public void put(List<TrackedRecord> batch) throws InterruptedException {
    way.put(batch);
  }

  private void put(TrackedRecord record) throws InterruptedException {
    way.put(List.of(record));
  }

  /**
   * What becomes of an item that cannot be converted: the error policy. If it is skipped, a status
   * record takes its place, and says where it is. Nothing of the item itself is shown.
   *
   * @param place names the number in the status record: {@code line} or {@code sequence}
   * @param message where the item is and what is wrong with it
   * @throws ConnectException if no error is tolerated
   */
  public TrackedRecord skipped(
      SourcePartition partition,
      SourceOffset offset,
      String place,
      Object number,
      String message,
      DeliveryCallback delivery) {
    if (!toleratesErrors) {
      throw new ConnectException(
          message
              + ". To skip such items, with an ITEM_SKIPPED record in the status topic for each, set errors.tolerance=all");
    }
    LOG.error("{}. Skipping it", message);
    return status.itemSkipped(partition, offset, place, number, message, delivery);
  }

  /**
   * Runs work on the current thread so that nothing it throws is lost: whatever ends it before its
   * time is told to {@link #failures}.
   *
   * @param what names the work in the failure
   * @return whether it came to its end
   */
  public boolean run(String what, Work work) {
    try {
      work.run();
      return true;
    } catch (InterruptedException e) {
      // A task that stops does not poll any more; one that does not stop must not lose a thread.
      LOG.debug("{} stopped", what);
      failures.accept(new ConnectException(what + " was interrupted", e));
    } catch (ConnectException e) {
      failures.accept(e);
    } catch (RuntimeException e) {
      failures.accept(new ConnectException(what + " failed: " + e, e));
    } catch (Error e) {
      // Such as one of memory: it is not the work's own.
      queue.fail(new ConnectException(what + " failed: " + e, e));
    }
    return false;
  }
}
