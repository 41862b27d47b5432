package io.github.dynamokc.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.kafka.KeyedView;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class TableComparisonTest {
  private static final Map<String, AttributeValue> ITEM =
      Map.of(
          "pk", AttributeValue.fromS("a"),
          "sk", AttributeValue.fromN("1.50"),
          "set", AttributeValue.fromNs(List.of("10", "2")),
          "map", AttributeValue.fromM(Map.of("x", AttributeValue.fromNul(true))),
          "list", AttributeValue.fromL(List.of(AttributeValue.fromBool(true))),
          "bytes", AttributeValue.fromB(SdkBytes.fromUtf8String("b")));

  private static final String VALUE =
      "{'pk':'a','sk':1.5,'set':[2,10],'map':{'x':null},'list':[true],'bytes':'Yg=='}";

  @Test
  void theSameContentHasNoDifference() {
    assertThat(differences("{'sk':1.5,'pk':'a'}", VALUE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'pk':'a','sk':1.5,'set':[2,10],'map':{'x':null},'list':[true]}",
        "{'pk':'a','sk':1.5,'set':[2,10],'map':{'x':null},'list':[true],'bytes':'Yg==','more':1}",
        "{'pk':'a','sk':1.5,'set':[2,11],'map':{'x':null},'list':[true],'bytes':'Yg=='}",
        "{'pk':'a','sk':1.5,'set':[2,10],'map':{'x':''},'list':[true],'bytes':'Yg=='}",
        "{'pk':'a','sk':1.5,'set':[2,10],'map':{'y':null},'list':[true],'bytes':'Yg=='}",
        "{'pk':'a','sk':1.5,'set':[2,10],'map':{'x':null},'list':['true'],'bytes':'Yg=='}",
        "{'pk':'a','sk':'1.5','set':[2,10],'map':{'x':null},'list':[true],'bytes':'Yg=='}",
      })
  void anyOtherValueDiffers(String value) {
    assertThat(differences("{'pk':'a','sk':1.5}", value))
        .singleElement()
        .asString()
        .startsWith("Differs: pk=a, sk=1.5");
  }

  @Test
  void itemsOfOnlyOneSideAreNamed() {
    assertThat(differences("{'pk':'b','sk':1.5}", VALUE))
        .anyMatch(text -> text.startsWith("Only in the table: pk=a, sk=1.5"))
        .anyMatch(text -> text.startsWith("Only in the topic: pk=b, sk=1.5"))
        .hasSize(2);
  }

  @Test
  void documentsAreComparedByTheTextOfTheirKeys() throws JsonProcessingException {
    JsonNode same = new ObjectMapper().readTree(VALUE.replace('\'', '"'));
    JsonNode other = new ObjectMapper().readTree("{\"pk\":\"a\"}");

    assertThat(differences(Map.of("a|1.5", same))).isEmpty();
    assertThat(differences(Map.of("a|1.5", other)))
        .singleElement()
        .asString()
        .startsWith("Differs: a|1.5");
    assertThat(differences(Map.of("a|1.50", same)))
        .anyMatch(text -> text.startsWith("Only in the table: a|1.5"))
        .anyMatch(text -> text.startsWith("Only in the index: a|1.50"))
        .hasSize(2);
  }

  private static List<String> differences(Map<String, JsonNode> index) {
    return TableComparison.differences(List.of(ITEM), List.of("pk", "sk"), index);
  }

  private static List<String> differences(String key, String value) {
    KeyedView topic =
        KeyedView.of(
            List.of(
                new TopicRecord(
                    "t", 0, 0, 0, key.replace('\'', '"'), value.replace('\'', '"'), Map.of())));
    return TableComparison.differences(List.of(ITEM), List.of("pk", "sk"), topic);
  }
}
