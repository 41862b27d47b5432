package io.github.dynamokc.task;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.TableSelection;
import io.github.dynamokc.metrics.Gauge;
import io.github.dynamokc.record.TaskOutput;
import io.github.dynamokc.table.Readiness;
import io.github.dynamokc.table.TableNotReadyException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A table that the connector has found: it is prepared as soon as it can be followed. Until then it
 * is told why it cannot be, once for each reason.
 */
final class NewTable {
  private static final Logger LOG = LoggerFactory.getLogger(NewTable.class);

  private final String table;
  private final TaskTables tables;
  private final RetryingCalls calls;
  private final TableTrouble trouble;
  private final TableSelection selection;
  private final DynamoDbClient dynamoDb;

  NewTable(
      String table,
      TaskTables tables,
      RetryingCalls calls,
      TableTrouble trouble,
      TableSelection selection,
      DynamoDbClient dynamoDb) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.tables = tables;
    this.calls = calls;
    this.trouble = trouble;
    this.selection = selection;
  }

  /**
   * @throws InterruptedException if the work is stopped
   */
  void prepare(TaskOutput.Work preparation) throws InterruptedException {
    while (!tables.offsets().tables().contains(table)) {
      calls.pause(tables.config(table).snapshot().exportPollInterval());
    }
    boolean ready = false;
    while (!ready) {
      ready = isPrepared(preparation);
      if (!ready) {
        calls.pause(selection.interval());
      }
    }
    tables.metrics(table).set(Gauge.TABLE_SKIPPED, 0);
    trouble.resumed(table);
  }

  private boolean isPrepared(TaskOutput.Work preparation) throws InterruptedException {
    String obstacle = obstacle();
    if (obstacle == null) {
      try {
        preparation.run();
        return true;
      } catch (TableNotReadyException e) {
        obstacle = e.reason();
      } catch (ConnectException e) {
        // It may have gone meanwhile.
        obstacle = obstacle();
        if (obstacle == null) {
          throw e;
        }
      }
    }
    LOG.warn("Table {} is skipped for now: {}", table, obstacle);
    tables.metrics(table).set(Gauge.TABLE_SKIPPED, 1);
    trouble.skipped(table, obstacle);
    return false;
  }

  private @Nullable String obstacle() throws InterruptedException {
    String conflict = tables.topicConflict(table);
    return conflict != null ? conflict : Readiness.obstacle(dynamoDb, calls, tables.config(table));
  }
}
