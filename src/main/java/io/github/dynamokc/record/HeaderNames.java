package io.github.dynamokc.record;

/**
 * The names of the record headers; the first nine are those of Data Prepper's metadata, as are the
 * actions.
 */
final class HeaderNames {
  static final String TABLE_NAME = "table_name";
  static final String PARTITION_KEY = "partition_key";
  static final String SORT_KEY = "sort_key";
  static final String PRIMARY_KEY = "primary_key";
  static final String TIMESTAMP = "dynamodb_timestamp";
  static final String DOCUMENT_VERSION = "document_version";
  static final String ACTION = "opensearch_action";
  static final String EVENT_NAME = "dynamodb_event_name";
  static final String TTL_DELETE = "ttl_delete";
  static final String EVENT_ID = "dynamodb_event_id";
  static final String SEQUENCE_NUMBER = "dynamodb_sequence_number";
  static final String SHARD_ID = "dynamodb_shard_id";

  /** The {@link #ACTION} of an item that is there. */
  static final String INDEX = "index";

  /** The {@link #ACTION} of an item that was removed. */
  static final String DELETE = "delete";

  private HeaderNames() {}
}
