package io.github.dynamokc.testing.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.avro.shaded.org.apache.avro.Conversions;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericData;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryEncoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class AvroDecoderTest {
  private static final int ID = 258;
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Item","fields":[
                {"name":"text","type":"string"},
                {"name":"raw","type":"bytes"},
                {"name":"price","type":
                  {"type":"bytes","logicalType":"decimal","precision":38,"scale":2}},
                {"name":"small","type":"int"},
                {"name":"big","type":"long"},
                {"name":"real","type":"double"},
                {"name":"yes","type":"boolean"},
                {"name":"none","type":["null","string"]},
                {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]}},
                {"name":"list","type":{"type":"array","items":["null","long"]}},
                {"name":"map","type":{"type":"map","values":["null","Item"]}}]}
              """);

  private final AvroDecoder decoder =
      new AvroDecoder(
          id -> {
            assertThat(id).isEqualTo(ID);
            return SCHEMA;
          });

  @Test
  void eachTypeBecomesAPlainOne() throws IOException {
    GenericRecord inner = item("inner", Map.of());
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("item", inner);
    entries.put("nothing", null);

    AvroData data = decoder.decode(encode(item("outer", entries)));

    assertThat(data.schemaId()).isEqualTo(ID);
    assertThat(data.schema()).isEqualTo(SCHEMA.toString());
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("item", expected("inner", Map.of()));
    map.put("nothing", null);
    assertThat(data.datum()).usingRecursiveComparison().isEqualTo(expected("outer", map));
    assertThat(((Map<?, ?>) data.datum()).keySet().stream().map(Object::toString))
        .startsWith("text", "raw", "price")
        .endsWith("list", "map");
  }

  @Test
  void leftOverBytesAreRefused() throws IOException {
    byte[] good = encode(item("item", Map.of()));
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.write(good);
    longer.write(1);

    assertThatThrownBy(() -> decoder.decode(longer.toByteArray()))
        .hasMessageStartingWith("Bytes are left over");
    assertThatThrownBy(() -> decoder.decode("{}".getBytes(UTF_8)))
        .hasMessageStartingWith("No zero byte");
    assertThatThrownBy(() -> decoder.decode(new byte[4])).hasMessageStartingWith("No zero byte");
    assertThatThrownBy(() -> decoder.decode(new byte[] {0, 0, 0, 1, 2, 8}))
        .hasMessageStartingWith("The bytes are no datum");
  }

  private static GenericRecord item(String text, Map<String, Object> map) {
    GenericRecord item = new GenericData.Record(SCHEMA);
    item.put("text", text);
    item.put("raw", ByteBuffer.wrap(new byte[] {1, 0, -1}));
    item.put("price", new BigDecimal("-12.50"));
    item.put("small", 7);
    item.put("big", Long.MAX_VALUE);
    item.put("real", 0.1);
    item.put("yes", true);
    item.put("none", null);
    item.put("kind", new GenericData.EnumSymbol(SCHEMA.getField("kind").schema(), "B"));
    List<Object> list = new ArrayList<>();
    list.add(1L);
    list.add(null);
    item.put("list", list);
    item.put("map", map);
    return item;
  }

  private static Map<String, Object> expected(String text, Map<String, Object> map) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("text", text);
    item.put("raw", new byte[] {1, 0, -1});
    item.put("price", new BigDecimal("-12.50"));
    item.put("small", 7L);
    item.put("big", Long.MAX_VALUE);
    item.put("real", 0.1);
    item.put("yes", true);
    item.put("none", null);
    item.put("kind", "B");
    List<Object> list = new ArrayList<>();
    list.add(1L);
    list.add(null);
    item.put("list", list);
    item.put("map", map);
    return item;
  }

  private static byte[] encode(GenericRecord item) throws IOException {
    GenericData data = new GenericData();
    data.addLogicalTypeConversion(new Conversions.DecimalConversion());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(ID).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(SCHEMA, data).write(item, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
