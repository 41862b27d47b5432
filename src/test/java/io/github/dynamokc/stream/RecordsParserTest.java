package io.github.dynamokc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.event.ItemChange;
import io.github.dynamokc.event.UserIdentity;
import io.github.dynamokc.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a body of GetRecords says; in AWS's JSON a member that is null is one that is absent. */
class RecordsParserTest {
  private static final String KEYS = "{\"pk\":{\"S\":\"a\"}}";

  @Test
  void imagesThatAreNullAreAbsent() {
    ItemChange change =
        change(
            """
            "eventID":"1","eventName":"INSERT","dynamodb":{"ApproximateCreationDateTime":5,
            "SequenceNumber":"7","Keys":%s,"NewImage":null,"OldImage":null}
            """
                .formatted(KEYS));

    assertThat(change.newImage()).isNull();
    assertThat(change.oldImage()).isNull();
    assertThat(change.keys().text()).isEqualTo(KEYS);
  }

  @Test
  void anIdentityThatIsNullIsAbsent() {
    assertThat(change(withIdentity("null")).userIdentity()).isNull();
  }

  @Test
  void namesOfAnIdentityThatAreNullAreAbsent() {
    assertThat(change(withIdentity("{\"principalId\":null,\"type\":null}")).userIdentity())
        .isEqualTo(new UserIdentity("", ""));
    assertThat(change(withIdentity("{\"principalId\":null,\"type\":\"Service\"}")).userIdentity())
        .isEqualTo(new UserIdentity("", "Service"));
  }

  @Test
  void aPageWithoutRecordsMaySaySoWithNull() {
    RecordsPage page = parse("{\"Records\":null,\"NextShardIterator\":null}");

    assertThat(page.changes()).isEmpty();
    assertThat(page.nextIterator()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eventID",
        "eventName",
        "dynamodb",
        "SequenceNumber",
        "ApproximateCreationDateTime",
        "Keys"
      })
  void whatMustBeThereIsMissedByNameIfItIsNull(String name) {
    String record =
        "\"eventID\":\"1\",\"eventName\":\"INSERT\",\"dynamodb\":{\"ApproximateCreationDateTime\":5,"
            + "\"SequenceNumber\":\"7\",\"Keys\":{}}";
    String broken =
        record.replaceFirst(
            "\"" + name + "\":(\\{}|\\{.*}}|\"[^\"]*\"|5)", "\"" + name + "\":null");
    assertThat(broken).contains(name + "\":null");

    assertThatThrownBy(() -> change(broken))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining(
            "a record with " + (name.equals("dynamodb") ? "SequenceNumber" : name) + " expected");
  }

  @Test
  void theSizesOfTheRecordsOfAPageAreAddedUp() {
    String record =
        "{\"eventID\":\"1\",\"eventName\":\"INSERT\",\"dynamodb\":{\"ApproximateCreationDateTime\":5,"
            + "\"SequenceNumber\":\"7\",\"Keys\":{}%s}}";
    RecordsParser parser = new RecordsParser();
    for (int again = 0; again < 2; again++) {
      String records =
          record.formatted(",\"SizeBytes\":26")
              + ","
              + record.formatted("")
              + ","
              + record.formatted(",\"SizeBytes\":4");
      byte[] body = ("{\"Records\":[" + records + "]}").getBytes(StandardCharsets.UTF_8);
      assertThat(parser.parse(body).bytes()).isEqualTo(30);
    }
  }

  @Test
  void aNullIsNoRecord() {
    assertThatThrownBy(() -> parse("{\"Records\":[null]}"))
        .isInstanceOf(MalformedJsonException.class);
  }

  private static String withIdentity(String identity) {
    return "\"eventID\":\"1\",\"eventName\":\"REMOVE\",\"userIdentity\":"
        + identity
        + ",\"dynamodb\":{\"ApproximateCreationDateTime\":5,\"SequenceNumber\":\"7\",\"Keys\":"
        + KEYS
        + "}";
  }

  private static ItemChange change(String members) {
    return parse("{\"Records\":[{" + members + "}]}").changes().get(0);
  }

  private static RecordsPage parse(String body) {
    return new RecordsParser().parse(body.getBytes(StandardCharsets.UTF_8));
  }
}
