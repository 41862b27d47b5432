package io.github.dynamokc.testing.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.flink.avro.shaded.org.apache.avro.Conversions;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericData;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericEnumSymbol;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericFixed;
import org.apache.flink.avro.shaded.org.apache.avro.generic.IndexedRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryDecoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Takes Confluent's framing of Avro apart, strictly: each byte must be accounted for. */
final class AvroDecoder {
  private static final int MAGIC = 0;
  private static final int PREFIX = 1 + Integer.BYTES;

  private final IntFunction<Schema> registry;
  private final GenericData data = new GenericData();

  /**
   * @param registry gives the schema of an id
   */
  AvroDecoder(IntFunction<Schema> registry) {
    this.registry = registry;
    data.addLogicalTypeConversion(new Conversions.DecimalConversion());
  }

  AvroData decode(byte[] bytes) {
    if (bytes.length < PREFIX || bytes[0] != MAGIC) {
      throw new IllegalArgumentException(
          "No zero byte and schema id before these " + bytes.length + " bytes");
    }
    int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    Schema schema = registry.apply(id);
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, PREFIX, bytes.length - PREFIX, null);
    try {
      Object datum = new GenericDatumReader<>(schema, schema, data).read(null, decoder);
      if (!decoder.isEnd()) {
        throw new IllegalArgumentException("Bytes are left over after a datum of " + schema);
      }
      return new AvroData(id, schema.toString(), plain(datum));
    } catch (IOException e) {
      throw new UncheckedIOException("The bytes are no datum of " + schema, e);
    }
  }

  private static @Nullable Object plain(@Nullable Object datum) {
    if (datum == null || datum instanceof BigDecimal || datum instanceof Boolean) {
      return datum;
    } else if (datum instanceof IndexedRecord structure) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      structure
          .getSchema()
          .getFields()
          .forEach(field -> fields.put(field.name(), plain(structure.get(field.pos()))));
      return fields;
    } else if (datum instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> entries = new LinkedHashMap<>();
      map.forEach((key, value) -> entries.put(key.toString(), plain(value)));
      return entries;
    } else if (datum instanceof Collection<?> elements) {
      List<@Nullable Object> list = new ArrayList<>();
      elements.forEach(element -> list.add(plain(element)));
      return list;
    } else if (datum instanceof CharSequence || datum instanceof GenericEnumSymbol<?>) {
      return datum.toString();
    } else if (datum instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    } else if (datum instanceof GenericFixed fixed) {
      return fixed.bytes().clone();
    } else if (datum instanceof Integer || datum instanceof Long) {
      return ((Number) datum).longValue();
    } else if (datum instanceof Float || datum instanceof Double) {
      return ((Number) datum).doubleValue();
    }
    throw new IllegalArgumentException("Not known from Avro: " + datum.getClass());
  }
}
