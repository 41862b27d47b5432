package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeStructsTest {
  private final ItemStructReader reader = new AttributeStructs("pk", null).reader();

  private Struct value(String typed) throws InterruptedException {
    Struct item = reader.read(Slice.of("{\"a\":" + typed + "}"));
    item.validate();
    return item.<String, Struct>getMap("attributes").get("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"S\":\"\"}; Struct{type=S,S=}",
        "{\"N\":\"1E+2\"}; Struct{type=N,N=100}",
        "{\"N\":\"1.50\"}; Struct{type=N,N=1.50}",
        "{\"BOOL\":false}; Struct{type=BOOL,BOOL=false}",
        "{\"NULL\":true}; Struct{type=NULL}",
        "{\"SS\":[\"b\",\"a\"]}; Struct{type=SS,SS=[b, a]}",
        "{\"NS\":[\"1E-3\"]}; Struct{type=NS,NS=[0.001]}",
        "{ \"M\" : {} }; Struct{type=M,M={}}",
        "{\"M\":{ \"x\" : {\"S\":\"y\"} }}; Struct{type=M,M={\"x\":{\"S\":\"y\"}}}",
        "{\"L\":[ {\"N\":\"1E3\"} ]}; Struct{type=L,L=[{\"N\":\"1E3\"}]}",
      })
  void aValueStandsUnderItsType(String typed, String struct) throws InterruptedException {
    assertThat(value(typed)).hasToString(struct);
  }

  @Test
  void binaryValuesAreBytes() throws InterruptedException {
    assertThat(value("{\"B\":\"MDAwMA==\"}").getBytes("B")).isEqualTo(new byte[] {48, 48, 48, 48});
    assertThat(value("{\"BS\":[\"\"]}").<byte[]>getArray("BS")).containsExactly(new byte[0]);
  }

  @Test
  void imagesHaveOneOptionalSchema() throws InterruptedException {
    ItemStructReader.Images images = reader.read(null, Slice.of("{}"));
    assertThat(images.schema().isOptional()).isTrue();
    assertThat(images.before()).isNull();
    assertThat(images.after().schema()).isSameAs(images.schema());
    assertThat(images.after().getMap("attributes")).isEqualTo(Map.of());
    assertThatThrownBy(() -> reader.read(null, null)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}x",
        "{\"a\":{\"S\":\"secret\\ud800\"}}",
        "{\"\\ud800\":{\"S\":\"secret\"}}",
        "{\"a\":{\"N\":\"secret\"}}",
        "{\"a\":{\"B\":\"?secret\"}}",
        "{\"a\":{\"NULL\":false}}",
        "{\"a\":{\"BOOL\":null}}",
        "{\"a\":{\"M\":{\"x\":1}}}",
        "{\"a\":{\"S\":\"secret\",\"N\":\"1\"}}"
      })
  void aMalformedItemIsRefusedWithoutItsData(String item) {
    assertThatThrownBy(() -> reader.read(Slice.of(item)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageNotContaining("secret");
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void nothingIsLost(@ForAll("items") String item) throws InterruptedException {
    Struct struct = reader.read(Slice.of(item));
    struct.validate();
    assertThat(TypedValues.ofAttributes(struct)).isEqualTo(TypedValues.ofItem(item));
  }

  @Provide
  Arbitrary<String> items() {
    return StructItems.items();
  }
}
