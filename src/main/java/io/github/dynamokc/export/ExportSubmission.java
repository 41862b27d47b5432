package io.github.dynamokc.export;

import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.TableOffset;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportType;

/**
 * Gets a table its export: a new one, or the given one. The client token of a new one follows from
 * what it is for, so that asking twice gives the same export, not a second bill.
 */
final class ExportSubmission {
  private static final Logger LOG = LoggerFactory.getLogger(ExportSubmission.class);

  private final TableConfig config;
  private final String table;
  private final DynamoDbClient dynamoDb;
  private final RequestListener requests;
  private final RetryingCalls calls;
  private final ExportRequests exports;

  ExportSubmission(
      String connector,
      TableConfig config,
      DynamoDbClient dynamoDb,
      RequestListener requests,
      RetryingCalls calls) {
    this.config = config;
    this.table = config.table().name();
    this.dynamoDb = dynamoDb;
    this.requests = requests;
    this.calls = calls;
    this.exports = new ExportRequests(connector, config, dynamoDb, requests, calls);
  }

  /**
   * Has DynamoDB start an export, or gives the one that it started for the same attempt within the
   * last 8 hours.
   *
   * @param registration the table's
   */
  TableOffset.Export submit(Registration registration, long attempt) throws InterruptedException {
    ExportDescription export =
        exports.submit(
            exports.request(registration, config.snapshot().id(), Long.toString(attempt)).build());
    if (export.exportTime() == null) {
      export = describe(export.exportArn());
    }
    LOG.info("Table {}: export {} submitted, attempt {}", table, export.exportArn(), attempt);
    return offset(export, attempt);
  }

  /**
   * An export that is there already.
   *
   * @throws ConnectException if it is not one of this table, or cannot be loaded
   */
  TableOffset.Export take(Registration registration, String exportArn, long attempt)
      throws InterruptedException {
    ExportDescription export = describe(exportArn);
    String problem = null;
    if (!registration.tableId().equals(export.tableId())) {
      problem =
          "is of a table with the id %s, but table %s has the id %s"
              .formatted(export.tableId(), table, registration.tableId());
    } else if (export.exportFormat() != ExportFormat.DYNAMODB_JSON) {
      problem =
          "is in the format %s; only DYNAMODB_JSON can be loaded"
              .formatted(export.exportFormatAsString());
    } else if (export.exportType() == ExportType.INCREMENTAL_EXPORT) {
      problem = "is an incremental one, which does not hold all items; give a full export";
    } else if (ExportStatus.of(export) instanceof ExportStatus.Failed failed) {
      problem = "failed: %s: %s".formatted(failed.code(), failed.message());
    }
    if (problem != null) {
      throw new ConnectException(
          "The export %s, given by export.arn, %s".formatted(exportArn, problem));
    }
    LOG.info("Table {}: export {} is given", table, exportArn);
    return offset(export, attempt);
  }

  private TableOffset.Export offset(ExportDescription export, long attempt) {
    return new TableOffset.Export(
        export.exportArn(), export.exportTime().toEpochMilli(), config.snapshot().id(), attempt);
  }

  private ExportDescription describe(String exportArn) throws InterruptedException {
    return ExportStatus.describe(dynamoDb, calls, requests, exportArn);
  }
}
