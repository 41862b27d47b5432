package io.github.dynamokc.table;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.config.TableRef;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * A table as DescribeTable shows it.
 *
 * @param id DynamoDB's id of this incarnation: a table that is deleted and created has another
 * @param streamArn the stream that is enabled now, null for none
 * @param viewType what the stream's records carry, null without a stream
 * @param status whether the table can be used
 */
public record TableDescription(
    String name,
    String arn,
    String id,
    String partitionKey,
    @Nullable String sortKey,
    @Nullable String streamArn,
    @Nullable StreamViewType viewType,
    TableStatus status) {

  /** A table that can be used. */
  public TableDescription(
      String name,
      String arn,
      String id,
      String partitionKey,
      @Nullable String sortKey,
      @Nullable String streamArn,
      @Nullable StreamViewType viewType) {
    this(name, arn, id, partitionKey, sortKey, streamArn, viewType, TableStatus.ACTIVE);
  }

  /** Asks DynamoDB, by ARN if the config has one: a name means a table of one's own account. */
  public static TableDescription read(DynamoDbClient client, RetryingCalls calls, TableRef table)
      throws InterruptedException {
    return of(
        calls.call(
            "dynamodb:DescribeTable",
            table.identifier(),
            () -> client.describeTable(r -> r.tableName(table.identifier()))));
  }

  /** The same, but null if there is no such table. */
  public static @Nullable TableDescription readIfExists(
      DynamoDbClient client, RetryingCalls calls, TableRef table) throws InterruptedException {
    return calls.call(
        "dynamodb:DescribeTable",
        table.identifier(),
        () -> {
          try {
            return of(client.describeTable(r -> r.tableName(table.identifier())));
          } catch (ResourceNotFoundException e) {
            return null;
          }
        });
  }

  /** The table of an answer of DescribeTable. */
  public static TableDescription of(DescribeTableResponse response) {
    var table = response.table();
    boolean streaming =
        table.streamSpecification() != null
            && Boolean.TRUE.equals(table.streamSpecification().streamEnabled());
    String id =
        table.tableId() != null ? table.tableId() : table.tableArn() + table.creationDateTime();
    String partitionKey = key(table.keySchema(), KeyType.HASH);
    if (partitionKey == null) {
      throw new IllegalStateException("DynamoDB gave table " + table.tableName() + " without key");
    }
    return new TableDescription(
        table.tableName(),
        table.tableArn(),
        id,
        partitionKey,
        key(table.keySchema(), KeyType.RANGE),
        streaming ? table.latestStreamArn() : null,
        streaming ? table.streamSpecification().streamViewType() : null,
        table.tableStatus() == null ? TableStatus.ACTIVE : table.tableStatus());
  }

  /** Why the stream cannot be followed, in words for the user; null if it can. */
  public @Nullable String streamProblem() {
    if (streamArn == null) {
      return "Table "
          + name
          + " has no stream. Enable DynamoDB Streams with view type NEW_IMAGE or"
          + " NEW_AND_OLD_IMAGES, or set snapshot.mode=initial_only";
    }
    if (viewType != StreamViewType.NEW_IMAGE && viewType != StreamViewType.NEW_AND_OLD_IMAGES) {
      return "The stream of table "
          + name
          + " has view type "
          + viewType
          + ", which does not carry the items. Use NEW_IMAGE or NEW_AND_OLD_IMAGES (disable the"
          + " stream and enable it again with that type)";
    }
    return null;
  }

  /**
   * When a stream was enabled: its label, the end of its ARN, is that time (API reference, {@code
   * StreamLabel}: "a timestamp, in ISO 8601 format, for this stream").
   *
   * @return null if the label is none
   */
  public static @Nullable Instant streamSince(String streamArn) {
    String label = streamArn.substring(streamArn.lastIndexOf('/') + 1);
    try {
      return LocalDateTime.parse(label).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable String key(Iterable<KeySchemaElement> schema, KeyType type) {
    for (KeySchemaElement element : schema) {
      if (element.keyType() == type) {
        return element.attributeName();
      }
    }
    return null;
  }
}
