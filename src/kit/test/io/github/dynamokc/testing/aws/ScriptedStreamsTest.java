package io.github.dynamokc.testing.aws;

import static io.github.dynamokc.testing.aws.StreamOperation.DESCRIBE_STREAM;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_RECORDS;
import static io.github.dynamokc.testing.aws.StreamOperation.GET_SHARD_ITERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.testing.ManualClock;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScriptedStreamsTest {
  private final ManualClock clock = new ManualClock(Instant.parse("2023-11-15T03:54:01Z"));
  private final ScriptedStreams streams = new ScriptedStreams(clock);
  private final ScriptedStream stream = streams.create("t", "2023-11-15T03:54:01.123", "PK");

  @Test
  void eachIteratorTypeStartsWhereAwsStartsIt() {
    String shard = stream.addShard();
    append(shard, "a");
    String b = append(shard, "b");
    append(shard, "c");

    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("a", "b", "c");
    assertThat(read(iterator(shard, "AT_SEQUENCE_NUMBER", b))).containsExactly("b", "c");
    assertThat(read(iterator(shard, "AFTER_SEQUENCE_NUMBER", b))).containsExactly("c");
    String latest = iterator(shard, "LATEST", null);
    assertThat(read(latest)).isEmpty();
    append(shard, "d");
    assertThat(read(latest)).containsExactly("d");
    assertFails("ValidationException", () -> iterator(shard, "AFTER_SEQUENCE_NUMBER", "1"));
    assertFails("ValidationException", () -> iterator(shard, "AT_SEQUENCE_NUMBER", "9".repeat(21)));
  }

  @Test
  void theLastPageOfAClosedShardHasRecordsAndNoNextIterator() {
    String shard = stream.addShard();
    append(shard, "a");
    RecordsPage open = streams.getRecords(iterator(shard, "TRIM_HORIZON", null), null);
    append(shard, "b");
    stream.close(shard);

    RecordsPage last = streams.getRecords(next(open), null);

    assertThat(keys(last)).containsExactly("b");
    assertThat(last.nextShardIterator()).isNull();
    assertThatThrownBy(() -> append(shard, "c")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aClosedShardCanEndWithAnEmptyPage() {
    stream.paging().endsWithLastRecords(false);
    String shard = stream.addShard();
    append(shard, "a");
    stream.close(shard);

    RecordsPage first = streams.getRecords(iterator(shard, "TRIM_HORIZON", null), null);
    RecordsPage last = streams.getRecords(next(first), null);

    assertThat(keys(first)).containsExactly("a");
    assertThat(last.records()).isEmpty();
    assertThat(last.nextShardIterator()).isNull();
  }

  @Test
  void emptyPagesComeBetweenRecords() {
    stream.paging().emptyPages(2).pageSize(1);
    String shard = stream.addShard();
    append(shard, "a");
    append(shard, "b");
    stream.close(shard);

    List<Integer> sizes = new ArrayList<>();
    @Nullable String iterator = iterator(shard, "TRIM_HORIZON", null);
    while (iterator != null) {
      RecordsPage page = streams.getRecords(iterator, null);
      sizes.add(page.records().size());
      iterator = page.nextShardIterator();
    }

    assertThat(sizes).containsExactly(0, 0, 1, 0, 0, 1);
  }

  @Test
  void aPageHasAtMostAThousandRecordsOrOneMegabyte() {
    String many = stream.addShard();
    for (int i = 0; i < 1001; i++) {
      append(many, "k" + i);
    }
    String big = stream.addShard();
    String image = "{\"x\":{\"S\":\"" + "x".repeat(600_000) + "\"}}";
    stream.append(big, ScriptedChange.insert(key("a"), image));
    stream.append(big, ScriptedChange.insert(key("b"), image));

    assertThat(read(iterator(many, "TRIM_HORIZON", null))).hasSize(1000);
    assertThat(read(iterator(big, "TRIM_HORIZON", null))).containsExactly("a");
    assertThat(streams.getRecords(iterator(many, "TRIM_HORIZON", null), 7).records()).hasSize(7);
    assertFails(
        "ValidationException",
        () -> streams.getRecords(iterator(many, "TRIM_HORIZON", null), 1001));
  }

  @Test
  void aSplitListsTwoChildrenOfAClosedParent() {
    String root = stream.addShard("001", null);
    String last = append(root, "a");
    stream.split(root, "002", "003");
    stream.rollOver("002", "004");

    StreamListing listing = streams.describeStream(stream.arn());

    assertThat(listing.shards())
        .extracting(StreamListing.ListedShard::shardId)
        .containsExactly("001", "002", "003", "004");
    assertThat(listing.shards())
        .extracting(StreamListing.ListedShard::parentShardId)
        .containsExactly(null, "001", "001", "002");
    assertThat(listing.shards().get(0).endingSequenceNumber()).isEqualTo(last);
    assertThat(stream.openShards()).containsExactly("003", "004");
  }

  @Test
  void aShardCanEndAtANumberThatNoRecordHas() {
    stream.paging().endsPastLastRecord(true);
    String shard = stream.addShard();
    append(shard, "a");
    stream.close(shard);

    String ending = streams.describeStream(stream.arn()).shards().get(0).endingSequenceNumber();

    RecordsPage page = streams.getRecords(iterator(shard, "AT_SEQUENCE_NUMBER", ending), null);
    assertThat(page.records()).isEmpty();
    assertThat(page.nextShardIterator()).isNull();
  }

  @Test
  void aListingComesInPages() {
    for (int i = 0; i < 250; i++) {
      stream.addShard();
    }

    List<Integer> sizes = new ArrayList<>();
    @Nullable String start = null;
    do {
      StreamListing page = streams.describeStream(stream.arn(), null, start, null);
      sizes.add(page.shards().size());
      start = page.lastEvaluatedShardId();
    } while (start != null);

    assertThat(sizes).containsExactly(100, 100, 50);
    assertThat(streams.calls(DESCRIBE_STREAM)).isEqualTo(3);
    assertFails("ValidationException", () -> streams.describeStream(stream.arn(), 101, null, null));
  }

  @Test
  void aFilterGivesTheChildrenUnlessScriptedOtherwise() {
    stream.addShard("001", null);
    stream.split("001", "002", "003");

    assertThat(childrenOf("001")).containsExactly("002", "003");
    stream.visibility().emptyFilteredAnswers(1);
    assertThat(childrenOf("001")).isEmpty();
    assertThat(childrenOf("001")).containsExactly("002", "003");
    stream.visibility().ignoreFilter(true);
    assertThat(childrenOf("001")).containsExactly("001", "002", "003");
  }

  @Test
  void newShardsShowUpLate() {
    stream.addShard("001", null);
    stream.visibility().listingLag(2);
    stream.rollOver("001", "002");

    assertThat(childrenOf("001")).isEmpty();
    assertThat(childrenOf("001")).isEmpty();
    assertThat(childrenOf("001")).containsExactly("002");

    stream.visibility().listingLag(0);
    stream.visibility().holdNewShards();
    stream.rollOver("002", "003");
    assertThat(childrenOf("002")).isEmpty();
    stream.visibility().releaseNewShards();
    assertThat(childrenOf("002")).containsExactly("003");
    stream.visibility().hide("003");
    assertThat(childrenOf("002")).isEmpty();
    assertThat(read(iterator("003", "TRIM_HORIZON", null))).isEmpty();
  }

  @Test
  void trimmedPositionsAreRefusedAndTheHorizonHidesThem() {
    String shard = stream.addShard();
    String a = append(shard, "a");
    String held = iterator(shard, "TRIM_HORIZON", null);
    String b = append(shard, "b");
    append(shard, "c");
    String afterB = iterator(shard, "AFTER_SEQUENCE_NUMBER", b);

    stream.trim(shard, b);

    assertFails("TrimmedDataAccessException", () -> iterator(shard, "AFTER_SEQUENCE_NUMBER", a));
    assertFails("TrimmedDataAccessException", () -> iterator(shard, "AT_SEQUENCE_NUMBER", b));
    assertFails("TrimmedDataAccessException", () -> streams.getRecords(held, null));
    assertThat(read(afterB)).containsExactly("c");
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("c");
    stream.trim(shard);
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).isEmpty();
  }

  @Test
  void removedShardsAndStreamsAreNotFound() {
    String shard = stream.addShard();
    String iterator = iterator(shard, "TRIM_HORIZON", null);
    stream.remove(shard);

    assertFails("ResourceNotFoundException", () -> streams.getRecords(iterator, null));
    assertFails("ResourceNotFoundException", () -> iterator(shard, "LATEST", null));
    streams.remove(stream);
    assertFails("ResourceNotFoundException", () -> streams.describeStream(stream.arn()));
    assertThat(streams.listStreams("t")).isEmpty();
  }

  @Test
  void anIteratorExpiresAfterFifteenMinutesOrAtOnce() {
    String shard = stream.addShard();
    append(shard, "a");
    String old = iterator(shard, "TRIM_HORIZON", null);
    clock.advance(Duration.ofMinutes(15));
    RecordsPage page = streams.getRecords(old, null);
    clock.advance(Duration.ofMillis(1));

    assertFails("ExpiredIteratorException", () -> streams.getRecords(old, null));
    assertThat(read(next(page))).isEmpty();
    streams.expireIterators();
    assertFails("ExpiredIteratorException", () -> streams.getRecords(next(page), null));
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("a");
    assertFails("ValidationException", () -> streams.getRecords("none of ours", null));
  }

  @Test
  void faultsHappenInTheirOrderAndCallsAreCounted() {
    String shard = stream.addShard();
    String other = stream.addShard();
    String iterator = iterator(shard, "TRIM_HORIZON", null);
    streams.failNext(GET_RECORDS, 1, StreamFault.none());
    streams.failNext(GET_RECORDS, 1, StreamFault.throughputExceeded());
    streams.failNext(GET_RECORDS, 1, StreamFault.connectionReset());
    streams.failNext(GET_SHARD_ITERATOR, other, 1, StreamFault.internalServerError());

    assertThat(read(iterator)).isEmpty();
    assertFails("ProvisionedThroughputExceededException", () -> streams.getRecords(iterator, null));
    assertThatThrownBy(() -> streams.getRecords(iterator, null))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(read(iterator)).isEmpty();
    assertThat(streams.calls(GET_RECORDS)).isEqualTo(4);
    iterator(shard, "LATEST", null);
    assertFails("InternalServerError", () -> iterator(other, "LATEST", null));
    streams.failAlways(GET_SHARD_ITERATOR, StreamFault.accessDenied("dynamodb:GetShardIterator"));
    assertFails("AccessDeniedException", () -> iterator(other, "LATEST", null));
    assertFails("AccessDeniedException", () -> iterator(other, "LATEST", null));
    streams.clearFaults();
    iterator(other, "LATEST", null);
  }

  @Test
  void aListenerSeesEachCall() {
    List<StreamCall> calls = new ArrayList<>();
    streams.onCall(calls::add);
    String shard = stream.addShard();

    read(iterator(shard, "LATEST", null));

    assertThat(calls)
        .containsExactly(
            new StreamCall(GET_SHARD_ITERATOR, stream.arn(), shard),
            new StreamCall(GET_RECORDS, stream.arn(), shard));
  }

  @Test
  void theViewDecidesWhichImagesThereAre() {
    ScriptedStream newOnly =
        streams.create(
            "arn:aws:dynamodb:eu-west-1:000000000000:table/t2/stream/label",
            StreamView.NEW_IMAGE,
            "PK");
    String shard = newOnly.addShard();
    newOnly.append(shard, ScriptedChange.modify(key("a"), "{}", "{\"n\":{\"N\":\"1E+2\"}}"));

    ScriptedRecord record =
        streams
            .getRecords(streams.getShardIterator(newOnly.arn(), shard, "TRIM_HORIZON", null), null)
            .records()
            .get(0);

    assertThat(record.region()).isEqualTo("eu-west-1");
    assertThat(record.oldImage()).isNull();
    assertThat(record.newImage()).isEqualTo("{\"n\":{\"N\":\"1E+2\"}}");
    assertThat(record.approximateCreationEpochSecond()).isEqualTo(clock.instant().getEpochSecond());
  }

  @Test
  void numbersGoOnAfterOneThatATestChose() {
    stream.numberFrom("000000000000000000101");
    String shard = stream.addShard();
    String chosen = "000000000000000000500";
    stream.append(shard, ScriptedChange.insert(key("a"), key("a")).withSequenceNumber(chosen));

    assertThat(append(shard, "b")).isEqualTo("000000000000000000501");
    assertThatThrownBy(
            () ->
                stream.append(
                    shard, ScriptedChange.remove(key("a"), null).withSequenceNumber(chosen)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDisabledStreamStaysReadable() {
    String shard = stream.addShard();
    append(shard, "a");
    stream.disable();

    assertThat(streams.describeStream(stream.arn()).status()).isEqualTo("DISABLED");
    assertThat(stream.openShards()).isEmpty();
    assertThat(read(iterator(shard, "TRIM_HORIZON", null))).containsExactly("a");
  }

  private String append(String shard, String key) {
    return stream.append(shard, ScriptedChange.insert(key(key), key(key)));
  }

  private static String key(String key) {
    return "{\"PK\":{\"S\":\"" + key + "\"}}";
  }

  private String iterator(String shard, String type, @Nullable String number) {
    return streams.getShardIterator(stream.arn(), shard, type, number);
  }

  private static String next(RecordsPage page) {
    String next = page.nextShardIterator();
    assertThat(next).isNotNull();
    return next;
  }

  private List<String> read(String iterator) {
    return keys(streams.getRecords(iterator, null));
  }

  private static List<String> keys(RecordsPage page) {
    return page.records().stream().map(record -> record.keys().split("\"")[5]).toList();
  }

  private List<String> childrenOf(String parent) {
    return streams.describeStream(stream.arn(), null, null, parent).shards().stream()
        .map(StreamListing.ListedShard::shardId)
        .toList();
  }

  private static void assertFails(String errorCode, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsErrorException.class, e -> assertThat(e.errorCode()).isEqualTo(errorCode));
  }
}
