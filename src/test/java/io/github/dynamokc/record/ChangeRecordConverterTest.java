package io.github.dynamokc.record;

import static io.github.dynamokc.record.TestRecords.change;
import static io.github.dynamokc.record.TestRecords.header;
import static io.github.dynamokc.record.TestRecords.insert;
import static io.github.dynamokc.record.TestRecords.item;
import static io.github.dynamokc.record.TestRecords.table;
import static io.github.dynamokc.record.TestRecords.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.dynamokc.config.KeyFormat;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import io.github.dynamokc.offset.FileOffset;
import io.github.dynamokc.offset.ShardOffset;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a consumer sees of an exported item and of a change: topic, timestamp, offsets, headers, and
 * which image is the value.
 */
class ChangeRecordConverterTest {
  private static final String KEYS = "{\"PK\":{\"S\":\"pk\"},\"SK\":{\"S\":\"sk\"}}";
  private static final String OLD =
      "{\"PK\":{\"S\":\"pk\"},\"SK\":{\"S\":\"sk\"},\"A\":{\"S\":\"old\"}}";
  private static final String NEW =
      "{\"PK\":{\"S\":\"pk\"},\"SK\":{\"S\":\"sk\"},\"A\":{\"S\":\"new\"}}";

  @Test
  void anInsertHasExactlyTheseHeaders() {
    TrackedRecord record = insert(table(), KEYS, KEYS);
    assertThat(record.headers())
        .extracting(Header::key, Header::schema, Header::value)
        .containsExactlyInAnyOrder(
            tuple("table_name", Schema.STRING_SCHEMA, "orders"),
            tuple("partition_key", Schema.STRING_SCHEMA, "pk"),
            tuple("sort_key", Schema.STRING_SCHEMA, "sk"),
            tuple("primary_key", Schema.STRING_SCHEMA, "pk|sk"),
            tuple("dynamodb_timestamp", Schema.INT64_SCHEMA, TestRecords.CREATED_AT),
            tuple("document_version", Schema.INT64_SCHEMA, TestRecords.VERSION),
            tuple("opensearch_action", Schema.STRING_SCHEMA, "index"),
            tuple("dynamodb_event_name", Schema.STRING_SCHEMA, "INSERT"),
            tuple("ttl_delete", Schema.BOOLEAN_SCHEMA, false),
            tuple("dynamodb_event_id", Schema.STRING_SCHEMA, "event-1"),
            tuple("dynamodb_sequence_number", Schema.STRING_SCHEMA, "100000000000000000001"),
            tuple("dynamodb_shard_id", Schema.STRING_SCHEMA, "shardId-1"));
    assertThat(value(record)).isEqualTo("{\"PK\":\"pk\",\"SK\":\"sk\"}");
  }

  @Test
  void anExportedItemHasExactlyTheseHeaders() {
    TrackedRecord record = item(table(), KEYS);
    assertThat(record.headers())
        .extracting(Header::key, Header::schema, Header::value)
        .containsExactlyInAnyOrder(
            tuple("table_name", Schema.STRING_SCHEMA, "orders"),
            tuple("partition_key", Schema.STRING_SCHEMA, "pk"),
            tuple("sort_key", Schema.STRING_SCHEMA, "sk"),
            tuple("primary_key", Schema.STRING_SCHEMA, "pk|sk"),
            tuple("dynamodb_timestamp", Schema.INT64_SCHEMA, 1_700_020_441_123L),
            tuple("document_version", Schema.INT64_SCHEMA, 1_700_020_141_123_000L),
            tuple("opensearch_action", Schema.STRING_SCHEMA, "index"),
            tuple("dynamodb_event_name", Schema.OPTIONAL_STRING_SCHEMA, null),
            tuple("ttl_delete", Schema.BOOLEAN_SCHEMA, false));
  }

  @Test
  void aRecordGoesToTheTablesTopicAndKafkaChoosesThePartition() {
    TrackedRecord item = item(table(), KEYS);
    assertThat(item.topic()).isEqualTo("orders-topic");
    assertThat(item.kafkaPartition()).isNull();
    assertThat(item.timestamp()).isEqualTo(TestRecords.EXPORT_TIME);
    assertThat(item.keySchema()).isEqualTo(Schema.STRING_SCHEMA);
    assertThat(item.valueSchema()).isEqualTo(Schema.STRING_SCHEMA);
    assertThat(item.delivery()).isSameAs(TestRecords.UNHEARD);
    assertThat(insert(table(), KEYS, KEYS).timestamp()).isEqualTo(TestRecords.CREATED_AT);
  }

  @Test
  void aRecordCarriesItsOffset() {
    TrackedRecord item = item(table(), KEYS);
    assertThat(item.sourcePartition()).isEqualTo(TestRecords.FILE.toConnect());
    assertThat(item.sourceOffset()).isEqualTo(new FileOffset(7, false).toConnect());
    TrackedRecord change = insert(table(), KEYS, KEYS);
    assertThat(change.sourcePartition()).isEqualTo(TestRecords.SHARD.toConnect());
    assertThat(change.sourceOffset())
        .isEqualTo(
            new ShardOffset.Read(
                    "100000000000000000001", TestRecords.VERSION, TestRecords.CREATED_AT, null)
                .toConnect());
  }

  @Test
  void aTableWithoutASortKeyHasNoHeaderForIt() {
    TableRecords table = table(null, KeyFormat.JSON, RemoveView.NEW_IMAGE);
    for (TrackedRecord record :
        new TrackedRecord[] {item(table, KEYS), insert(table, KEYS, KEYS)}) {
      assertThat(record.headers().lastWithName("sort_key")).isNull();
      assertThat(header(record, "partition_key")).isEqualTo("pk");
      assertThat(header(record, "primary_key")).isEqualTo("pk");
      assertThat(record.key()).isEqualTo("{\"PK\":\"pk\"}");
    }
  }

  @ParameterizedTest
  @EnumSource(RemoveView.class)
  void insertAndModifyGiveTheNewImageWhateverTheViewOfRemovals(RemoveView view) {
    TableRecords table = table("SK", KeyFormat.JSON, view);
    for (Operation operation : new Operation[] {Operation.INSERT, Operation.MODIFY}) {
      TrackedRecord record = change(table, change(operation, KEYS, NEW, OLD, null));
      assertThat(value(record)).contains("\"A\":\"new\"");
      assertThat(header(record, "opensearch_action")).isEqualTo("index");
      assertThat(header(record, "dynamodb_event_name")).isEqualTo(operation.name());
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      nullValues = "null",
      value = {
        "NEW_IMAGE, null, null, {}",
        "NEW_IMAGE, null, {\"A\":{\"S\":\"old\"}}, {}",
        "NEW_IMAGE, {\"A\":{\"S\":\"new\"}}, {\"A\":{\"S\":\"old\"}}, {\"A\":\"new\"}",
        "OLD_IMAGE, null, {\"A\":{\"S\":\"old\"}}, {\"A\":\"old\"}",
        "OLD_IMAGE, {\"A\":{\"S\":\"new\"}}, {\"A\":{\"S\":\"old\"}}, {\"A\":\"old\"}",
        "OLD_IMAGE, {\"A\":{\"S\":\"new\"}}, null, {\"A\":\"new\"}",
        "OLD_IMAGE, null, null, {}",
      })
  void aRemovalGivesTheConfiguredImage(
      RemoveView view, String newImage, String oldImage, String expected) {
    TrackedRecord record =
        change(
            table("SK", KeyFormat.JSON, view),
            change(Operation.REMOVE, KEYS, newImage, oldImage, null));
    assertThat(value(record)).isEqualTo(expected);
    assertThat(record.key()).isEqualTo("{\"PK\":\"pk\",\"SK\":\"sk\"}");
    assertThat(header(record, "opensearch_action")).isEqualTo("delete");
    assertThat(header(record, "dynamodb_event_name")).isEqualTo("REMOVE");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "REMOVE, dynamodb.amazonaws.com, true",
        "REMOVE, lambda.amazonaws.com, false",
        "REMOVE, null, false",
        "MODIFY, dynamodb.amazonaws.com, false",
        "INSERT, dynamodb.amazonaws.com, false",
      })
  void onlyRemovalsByDynamoDbAreForTimeToLive(
      Operation operation, String principalId, boolean expected) {
    UserIdentity user = principalId == null ? null : new UserIdentity(principalId, "Service");
    TrackedRecord record = change(table(), change(operation, KEYS, NEW, null, user));
    assertThat(header(record, "ttl_delete")).isEqualTo(expected);
  }

  @Test
  void theKeyOfAChangeIsThatOfItsKeysNotOfItsImage() {
    TrackedRecord record =
        insert(table(), KEYS, "{\"PK\":{\"S\":\"other\"},\"SK\":{\"S\":\"sk\"}}");
    assertThat(record.key()).isEqualTo("{\"PK\":\"pk\",\"SK\":\"sk\"}");
    assertThat(header(record, "partition_key")).isEqualTo("pk");
  }

  @Test
  void aConverterForgetsTheItemBefore() throws InterruptedException {
    ExportRecordConverter maker = table().ofFile(TestRecords.FILE, 0, 0, TestRecords.UNHEARD);
    String items = KEYS + "{\"PK\":{\"S\":\"a\"},\"SK\":{\"S\":\"b\"}}";
    JsonCursor cursor = new JsonCursor().reset(Slice.of(items));
    maker.item(cursor, new FileOffset(1, false));
    TrackedRecord second = maker.item(cursor, new FileOffset(2, false));
    cursor.expectEnd();
    assertThat(value(second)).isEqualTo("{\"PK\":\"a\",\"SK\":\"b\"}");
    assertThat(second.key()).isEqualTo("{\"PK\":\"a\",\"SK\":\"b\"}");
  }
}
