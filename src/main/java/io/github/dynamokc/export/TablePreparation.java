package io.github.dynamokc.export;

import io.github.dynamokc.aws.AwsErrors;
import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.SnapshotMode;
import io.github.dynamokc.config.StartPosition;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.table.Readiness;
import io.github.dynamokc.table.TableDescription;
import io.github.dynamokc.table.TableNotReadyException;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Registers a table and submits its export: the first two phases, in one task. Everything it does
 * can be repeated: the client token of an export follows from what it is for, so that a submission
 * whose offset was lost in a crash gives the same export again, not a second bill. An export that
 * the config gives is taken as it is.
 */
public final class TablePreparation {
  private static final Logger LOG = LoggerFactory.getLogger(TablePreparation.class);

  /** The shortest retention that is usual for topics. */
  private static final Duration UNREMARKABLE_AGE = Duration.ofDays(1);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);

  private final TableConfig config;
  private final DynamoDbClient dynamoDb;
  private final ExportSubmission exports;
  private final RetryingCalls calls;
  private final OffsetReader offsets;
  private final TaskOutput output;
  private final InstantSource clock;

  /**
   * @param requests hears of the requests for the export
   */
  public TablePreparation(
      String connector,
      TableConfig config,
      DynamoDbClient dynamoDb,
      RequestListener requests,
      RetryingCalls calls,
      OffsetReader offsets,
      TaskOutput output,
      InstantSource clock) {
    this.config = config;
    this.dynamoDb = dynamoDb;
    this.exports = new ExportSubmission(connector, config, dynamoDb, requests, calls);
    this.calls = calls;
    this.offsets = offsets;
    this.output = output;
    this.clock = clock;
  }

  /**
   * @param attempt the attempt of the export that is due, from 1
   * @throws TableNotReadyException if that is because of the state of the table, its stream or its
   *     recovery
   * @throws ConnectException if the table cannot be registered or its export not be submitted
   */
  public void run(long attempt) throws InterruptedException {
    TableOffset offset = offsets.table(name());
    if (offset == null || isToGetStream(offset)) {
      offset = new TableOffset.Registered(register());
      if (config.snapshot().mode().loadsItems()) {
        emit(StatusType.TABLE_REGISTERED, offset);
      }
    }
    if (!config.snapshot().mode().loadsItems()) {
      followWithoutSnapshot(offset);
    } else if (attemptOf(offset) < attempt) {
      if (attempt > 1) {
        calls.pause(backoff(attempt));
      }
      export(isFollowed(offset) ? held(offset) : offset, attempt);
    }
  }

  /** A table that had no stream yet, and so none that was followed, may begin anew with one. */
  private boolean isToGetStream(TableOffset offset) {
    return offset.registration().streamArn() == null
        && config.snapshot().mode().followsStream()
        && attemptOf(offset) == 0;
  }

  /** That the stream was followed must be known before a change of the mode asks for a snapshot. */
  private void followWithoutSnapshot(TableOffset offset) throws InterruptedException {
    // A gap is repaired, whatever an old plan says.
    if (!(offset instanceof TableOffset.ExportLoaded || offset instanceof TableOffset.InGap)) {
      emit(
          StatusType.TABLE_REGISTERED,
          new TableOffset.Registered(offset.registration()).followed());
    }
  }

  private void export(TableOffset offset, long attempt) throws InterruptedException {
    Registration table = offset.registration();
    String given = config.snapshot().exportArn();
    TableOffset.Export export =
        given == null ? submit(table, attempt) : exports.take(table, given, attempt);
    if (offset instanceof TableOffset.Held held && export.timeMs() < held.sinceMs()) {
      throw olderThanChanges(export.arn());
    }
    if (given != null) {
      warnOfAge(export);
    }
    emit(StatusType.EXPORT_SUBMITTED, new TableOffset.ExportSubmitted(table, export));
  }

  private TableOffset.Export submit(Registration table, long attempt) throws InterruptedException {
    try {
      return exports.submit(table, attempt);
    } catch (ConnectException e) {
      throw AwsErrors.isRecoveryUnavailable(e)
          ? new TableNotReadyException(String.valueOf(e.getMessage()), Readiness.NO_RECOVERY, e)
          : e;
    }
  }

  /** The records of items have the time of the export, and Kafka keeps records by their time. */
  private void warnOfAge(TableOffset.Export export) {
    Duration age = Duration.ofMillis(clock.millis() - export.timeMs());
    if (age.compareTo(UNREMARKABLE_AGE) > 0) {
      LOG.warn(
          "Table {}: the given export {} is {} hours old, and so are the timestamps of its records: Kafka deletes them as soon as they are older than the topic's retention.ms (7 days unless it is set). Set message.timestamp.type=LogAppendTime for the topic, a retention.ms that is longer than that, or cleanup.policy=compact",
          name(),
          export.arn(),
          age.toHours());
    }
  }

  /**
   * Whether changes of the table may be in Kafka by now: an export is taken only when they stand
   * still, so that none of its items comes behind a newer change.
   */
  private boolean isFollowed(TableOffset offset) {
    TableOffset.Export export = offset.export();
    boolean mayBeFollowed =
        export == null
            ? offset.registration().start().followed()
            : !isOfSnapshot(export) || isLoaded(offset);
    return mayBeFollowed && offset.registration().streamArn() != null;
  }

  /** Then another export of the same snapshot is wanted because changes were lost since. */
  private boolean isLoaded(TableOffset offset) {
    return !(offset instanceof TableOffset.ExportSubmitted);
  }

  /**
   * Holds the stream, which no task reads while this one prepares the table. After {@code
   * stream.handover.overlap.ms} without reads, an export contains every change already delivered.
   * {@code STREAM_HELD} is committed first, so that an export older than the hold is recognised.
   */
  private TableOffset.Held held(TableOffset offset) throws InterruptedException {
    if (config.snapshot().exportArn() != null && !(offset instanceof TableOffset.Held)) {
      throw olderThanChanges(config.snapshot().exportArn());
    }
    // The answer shows what time it is at AWS.
    TableDescription.readIfExists(dynamoDb, calls, config.table());
    TableOffset.Held held;
    if (offset instanceof TableOffset.Held before) {
      held = before;
    } else {
      TableOffset.Export export = offset.export();
      long exportedUpTo = export == null ? 0 : config.stream().exportedUpToMs(export.timeMs());
      boolean again = export != null && isOfSnapshot(export);
      held =
          again
              ? offset.holdAgain(exportedUpTo, clock.millis())
              : offset.hold(exportedUpTo, clock.millis());
      emit(StatusType.STREAM_HELD, held);
      while (!held.equals(offsets.table(name()))) {
        calls.pause(config.snapshot().exportPollInterval());
      }
    }
    Duration left = config.stream().handoverOverlap().minusMillis(clock.millis() - held.sinceMs());
    if (!left.isNegative()) {
      LOG.info(
          "Table {}: its stream is held; the export of snapshot {} is taken in {} s",
          name(),
          config.snapshot().id(),
          left.toSeconds());
      calls.pause(left);
    }
    return held;
  }

  private ConnectException olderThanChanges(String exportArn) {
    return new ConnectException(
        "Table %s: the export %s is older than changes that are in Kafka already, which its items would undo. %s"
            .formatted(
                name(),
                exportArn,
                config.snapshot().exportArn() == null
                    ? "The snapshot.id "
                        + config.snapshot().id()
                        + " was used before; set one that was not"
                    : "Remove export.arn to have a new export taken, or reset the connector's offsets to begin anew with the given one"));
  }

  private Registration register() throws InterruptedException {
    TableDescription table = TableDescription.read(dynamoDb, calls, config.table());
    // Not before the first answer: only then it is known what time it is at AWS.
    long now = clock.millis();
    boolean streamWanted = config.snapshot().mode() != SnapshotMode.INITIAL_ONLY;
    String problem = table.streamProblem();
    String obstacle = Readiness.obstacle(table, config);
    if (obstacle != null) {
      throw new TableNotReadyException(
          streamWanted && problem != null
              ? problem
              : "Table %s cannot be read: %s".formatted(name(), obstacle),
          obstacle);
    }
    return new Registration(
        table.id(),
        table.arn(),
        problem == null ? table.streamArn() : null,
        table.partitionKey(),
        table.sortKey(),
        new Registration.Start(
            config.stream().startPosition() == StartPosition.TRIM_HORIZON,
            now - config.stream().startSlack().toMillis(),
            false),
        null);
  }

  private void emit(StatusType type, TableOffset offset) throws InterruptedException {
    output.announce(type, new SourcePartition.OfTable(name()), offset);
  }

  /** The attempt that was made already, 0 for none. */
  private long attemptOf(TableOffset offset) {
    TableOffset.Export export = offset.export();
    return export != null && isOfSnapshot(export) ? export.attempt() : 0;
  }

  private boolean isOfSnapshot(TableOffset.Export export) {
    return export.snapshot().equals(config.snapshot().id());
  }

  private static Duration backoff(long attempt) {
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(attempt - 2, 20));
    return wait.compareTo(LAST_RETRY) < 0 ? wait : LAST_RETRY;
  }

  private String name() {
    return config.table().name();
  }
}
