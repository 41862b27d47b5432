package io.github.dynamokc.record;

/**
 * The names of the record headers; the first nine are those of Data Prepper's metadata, as are the
 * actions.
 */
final class HeaderNames {
  /** The {@link #action} of an item that is there. */
  static final String INDEX = "index";

  /** The {@link #action} of an item that was removed. */
  static final String DELETE = "delete";

  final String tableName;
  final String partitionKey;
  final String sortKey;
  final String primaryKey;
  final String timestamp;
  final String documentVersion;
  final String action;
  final String eventName;
  final String ttlDelete;
  final String eventId;
  final String sequenceNumber;
  final String shardId;

  /**
   * @param prefix what all names begin with
   */
  HeaderNames(String prefix) {
    tableName = prefix + "table_name";
    partitionKey = prefix + "partition_key";
    sortKey = prefix + "sort_key";
    primaryKey = prefix + "primary_key";
    timestamp = prefix + "dynamodb_timestamp";
    documentVersion = prefix + "document_version";
    action = prefix + "opensearch_action";
    eventName = prefix + "dynamodb_event_name";
    ttlDelete = prefix + "ttl_delete";
    eventId = prefix + "dynamodb_event_id";
    sequenceNumber = prefix + "dynamodb_sequence_number";
    shardId = prefix + "dynamodb_shard_id";
  }
}
