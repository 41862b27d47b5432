package io.github.dynamokc;

import static io.github.dynamokc.testing.aws.KeyAttribute.number;
import static io.github.dynamokc.testing.aws.KeyAttribute.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.TableComparison;
import io.github.dynamokc.testing.TableModel;
import io.github.dynamokc.testing.TestConnector;
import io.github.dynamokc.testing.kafka.TopicRecord;
import io.github.dynamokc.testing.opensearch.OpenSearchNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The records in a real OpenSearch, as a sink with external versions writes them: in whatever order
 * they arrive, and however often, the index ends as the table.
 */
@Tag("full")
class OpenSearchIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TABLE = "opensearch";
  private static final int ITEMS = 120;

  private final OpenSearchNode openSearch = EndToEnd.openSearch();
  private int writes;

  @Test
  void theIndexEndsAsTheTableDespiteReorderingAndRepetition() {
    List<TopicRecord> records = loadAndChange();

    openSearch.createIndex("in-order");
    records.forEach(record -> apply("in-order", record));
    assertThat(differences("in-order")).isEmpty();

    List<TopicRecord> shuffled = new ArrayList<>(records);
    shuffled.addAll(records);
    Collections.shuffle(shuffled, new Random(7));
    openSearch.createIndex("shuffled");
    long ignored = shuffled.stream().filter(record -> !apply("shuffled", record)).count();
    assertThat(differences("shuffled")).isEmpty();
    assertThat(ignored)
        .as("those that came again, and those that came too late")
        .isGreaterThan(records.size());

    openSearch.createIndex("without-versions");
    shuffled.forEach(record -> applyAnyway("without-versions", record));
    assertThat(differences("without-versions"))
        .as("the order is bad enough for this test to fail")
        .anyMatch(difference -> difference.startsWith("Differs"))
        .anyMatch(difference -> difference.startsWith("Only in the table"))
        .anyMatch(difference -> difference.startsWith("Only in the index"));
  }

  /** All records of a table that came from an export and was changed after it. */
  private List<TopicRecord> loadAndChange() {
    EndToEnd.aws().tables().create(TABLE, string("pk"), number("sk"));
    EndToEnd.aws()
        .tables()
        .putAll(TABLE, IntStream.range(0, ITEMS).mapToObj(this::nextState).toList());
    try (TestConnector connector = TestConnector.start("opensearch", EndToEnd.config(2, TABLE))) {
      connector.awaitStatusRecord("EXPORT_LOADED", TABLE);
      IntStream.range(0, ITEMS).forEach(this::changeExported);
      IntStream.range(ITEMS, 2 * ITEMS).forEach(this::addAndPerhapsDelete);
      return new TableModel(TABLE, "pk", "sk").awaitTopicEqualsTable(PATIENCE);
    }
  }

  private void changeExported(int number) {
    switch (number % 4) {
      case 0 -> {
        // Stays as it was exported.
      }
      case 1 -> {
        put(number);
        put(number);
      }
      case 2 -> {
        put(number);
        delete(number);
      }
      default -> {
        delete(number);
        put(number);
      }
    }
  }

  private void addAndPerhapsDelete(int number) {
    put(number);
    if (number % 2 == 0) {
      delete(number);
    }
  }

  private void put(int number) {
    EndToEnd.aws().tables().put(TABLE, nextState(number));
  }

  private void delete(int number) {
    EndToEnd.aws().tables().delete(TABLE, key(number));
  }

  /** An item that is different each time, with numbers that a double cannot hold. */
  private Map<String, AttributeValue> nextState(int number) {
    Map<String, AttributeValue> item = new HashMap<>(key(number));
    writes++;
    item.put("n", AttributeValue.fromN(Integer.toString(writes)));
    item.put(
        "exact", AttributeValue.fromN("1234567890123456789012345678901." + (1_000_000 + writes)));
    item.put("text", AttributeValue.fromS("a \"text\" \\ no. " + writes + " 😀"));
    item.put("bytes", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, (byte) writes})));
    item.put("yes", AttributeValue.fromBool(writes % 2 == 0));
    item.put("none", AttributeValue.fromNul(true));
    item.put("tags", AttributeValue.fromSs(List.of("b", "a", "tag " + writes)));
    item.put(
        "inner",
        AttributeValue.fromM(
            Map.of("list", AttributeValue.fromL(List.of(AttributeValue.fromN("0.10"))))));
    return item;
  }

  /** A text that must be encoded to be part of a path. */
  private static Map<String, AttributeValue> key(int number) {
    return Map.of(
        "pk", AttributeValue.fromS("a/b c?ä" + number / 2),
        "sk", AttributeValue.fromN(Integer.toString(number % 2)));
  }

  /** What a sink does: false if OpenSearch has seen this version, or a later one. */
  private boolean apply(String index, TopicRecord record) {
    long version = record.longHeader("document_version");
    return isDelete(record)
        ? openSearch.delete(index, id(record), version)
        : openSearch.index(index, id(record), version, document(record));
  }

  private void applyAnyway(String index, TopicRecord record) {
    if (isDelete(record)) {
      openSearch.deleteAnyway(index, id(record));
    } else {
      openSearch.overwrite(index, id(record), document(record));
    }
  }

  private static boolean isDelete(TopicRecord record) {
    return switch (String.valueOf(record.header("opensearch_action"))) {
      case "index" -> false;
      case "delete" -> true;
      default -> throw new AssertionError("No action: " + record);
    };
  }

  private static String id(TopicRecord record) {
    return Objects.requireNonNull(record.header("primary_key"));
  }

  private static String document(TopicRecord record) {
    return Objects.requireNonNull(record.value());
  }

  private List<String> differences(String index) {
    return TableComparison.differences(
        EndToEnd.aws().tables().scan(TABLE), List.of("pk", "sk"), openSearch.documents(index));
  }
}
