package io.github.dynamokc.testing.aws;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** What tests do with tables and their streams. */
public final class TestTables {
  private static final int MAX_BATCH = 25;

  private final DynamoDbClient dynamoDb;
  private final DynamoDbStreamsClient streams;

  TestTables(DynamoDbClient dynamoDb, DynamoDbStreamsClient streams) {
    this.dynamoDb = dynamoDb;
    this.streams = streams;
  }

  /** A table with a stream of both images and with point-in-time recovery. */
  public TableDescription create(String table, KeyAttribute... keys) {
    createWithoutRecovery(table, StreamViewType.NEW_AND_OLD_IMAGES, keys);
    enableRecovery(table);
    return describe(table);
  }

  /**
   * @param keys the partition key and perhaps the sort key
   */
  public TableDescription createWithoutRecovery(
      String table, StreamViewType viewType, KeyAttribute... keys) {
    dynamoDb.createTable(
        request ->
            request
                .tableName(table)
                .attributeDefinitions(Arrays.stream(keys).map(KeyAttribute::definition).toList())
                .keySchema(schema(keys))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .streamSpecification(
                    stream -> stream.streamEnabled(true).streamViewType(viewType)));
    return describe(table);
  }

  private static List<KeySchemaElement> schema(KeyAttribute... keys) {
    List<KeySchemaElement> schema = new ArrayList<>();
    for (KeyAttribute key : keys) {
      KeyType type = schema.isEmpty() ? KeyType.HASH : KeyType.RANGE;
      schema.add(KeySchemaElement.builder().attributeName(key.name()).keyType(type).build());
    }
    return schema;
  }

  public void enableRecovery(String table) {
    recovery(table, true);
  }

  public void disableRecovery(String table) {
    recovery(table, false);
  }

  private void recovery(String table, boolean enabled) {
    dynamoDb.updateContinuousBackups(
        request ->
            request
                .tableName(table)
                .pointInTimeRecoverySpecification(
                    recovery -> recovery.pointInTimeRecoveryEnabled(enabled)));
  }

  /** Gives the table a tag, or the tag another value. */
  public void tag(String table, String key, String value) {
    String arn = describe(table).tableArn();
    dynamoDb.tagResource(r -> r.resourceArn(arn).tags(tag -> tag.key(key).value(value)));
  }

  public void untag(String table, String key) {
    String arn = describe(table).tableArn();
    dynamoDb.untagResource(r -> r.resourceArn(arn).tagKeys(key));
  }

  public TableDescription describe(String table) {
    return dynamoDb.describeTable(request -> request.tableName(table)).table();
  }

  public void drop(String table) {
    dynamoDb.deleteTable(request -> request.tableName(table));
  }

  /** Turns the stream off; the old stream stays readable. */
  public void disableStream(String table) {
    dynamoDb.updateTable(
        request ->
            request.tableName(table).streamSpecification(stream -> stream.streamEnabled(false)));
  }

  /** Turns the stream on, under a new ARN, which is given. */
  public String enableStream(String table, StreamViewType viewType) {
    dynamoDb.updateTable(
        request ->
            request
                .tableName(table)
                .streamSpecification(
                    stream -> stream.streamEnabled(true).streamViewType(viewType)));
    return describe(table).latestStreamArn();
  }

  public void put(String table, Map<String, AttributeValue> item) {
    dynamoDb.putItem(request -> request.tableName(table).item(item));
  }

  public void delete(String table, Map<String, AttributeValue> key) {
    dynamoDb.deleteItem(request -> request.tableName(table).key(key));
  }

  /** Puts many items, in batches; two of one batch must not have the same key. */
  public void putAll(String table, List<Map<String, AttributeValue>> items) {
    for (int from = 0; from < items.size(); from += MAX_BATCH) {
      List<WriteRequest> batch =
          items.subList(from, Math.min(from + MAX_BATCH, items.size())).stream()
              .map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build())
              .toList();
      Map<String, List<WriteRequest>> rest = Map.of(table, batch);
      while (!rest.isEmpty()) {
        Map<String, List<WriteRequest>> send = rest;
        rest = dynamoDb.batchWriteItem(request -> request.requestItems(send)).unprocessedItems();
      }
    }
  }

  /** All items: what every consumer has to end with. */
  public List<Map<String, AttributeValue>> scan(String table) {
    return dynamoDb
        .scanPaginator(request -> request.tableName(table).consistentRead(true))
        .items()
        .stream()
        .toList();
  }

  /**
   * Closes the table's open shard and opens a child. DynamoDB Local does this to the streams of all
   * its tables at once.
   *
   * @return the id of the child
   */
  public String rollOver(String table) {
    String before = openShard(table);
    rollOverAll();
    return shards(table)
        .filter(shard -> before.equals(shard.parentShardId()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(before + " of " + table + " has no child"))
        .shardId();
  }

  /** Closes the open shards of all tables and opens a child of each. */
  public void rollOverAll() {
    dynamoDb.putItem(
        request ->
            request
                .tableName(TestControl.TABLE)
                .item(Map.of("ACTION", AttributeValue.fromS("ROLLOVER"))));
  }

  /** The ids of all changes that the table's stream holds, parents' before children's. */
  public List<String> changes(String table) {
    String arn = describe(table).latestStreamArn();
    List<String> ids = new ArrayList<>();
    shards(table)
        .forEach(
            shard -> {
              String iterator =
                  streams
                      .getShardIterator(
                          request ->
                              request
                                  .streamArn(arn)
                                  .shardId(shard.shardId())
                                  .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                      .shardIterator();
              GetRecordsResponse page;
              do {
                String from = iterator;
                page = streams.getRecords(request -> request.shardIterator(from));
                page.records().forEach(change -> ids.add(change.eventID()));
                iterator = page.nextShardIterator();
              } while (iterator != null && !page.records().isEmpty());
            });
    return ids;
  }

  private String openShard(String table) {
    return shards(table)
        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("No open shard of " + table))
        .shardId();
  }

  private Stream<Shard> shards(String table) {
    String arn = describe(table).latestStreamArn();
    List<Shard> shards = new ArrayList<>();
    String last = null;
    do {
      String start = last;
      var page =
          streams
              .describeStream(request -> request.streamArn(arn).exclusiveStartShardId(start))
              .streamDescription();
      shards.addAll(page.shards());
      last = page.lastEvaluatedShardId();
    } while (last != null);
    return shards.stream();
  }
}
