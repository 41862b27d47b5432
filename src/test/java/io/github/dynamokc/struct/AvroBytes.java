package io.github.dynamokc.struct;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Structs written by Avro with one schema and read with another, by Avro's own rules for that. */
final class AvroBytes {
  private AvroBytes() {}

  static byte[] write(Struct struct, Schema writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<>(writer).write(avro(struct, writer), encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The datum in plain Java, as {@link AvroAsConnect} takes it. */
  static Object read(byte[] bytes, Schema writer, Schema reader) {
    try {
      Object datum =
          new GenericDatumReader<>(writer, reader)
              .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
      return plain(datum, reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Object avro(@Nullable Object value, Schema schema) {
    if (value == null) {
      return null;
    }
    Schema type = notNull(schema);
    return switch (type.getType()) {
      case RECORD -> {
        GenericData.Record record = new GenericData.Record(type);
        Struct struct = (Struct) value;
        for (Field field : struct.schema().fields()) {
          record.put(field.name(), avro(struct.get(field), type.getField(field.name()).schema()));
        }
        yield record;
      }
      case ARRAY ->
          ((List<?>) value).stream().map(each -> avro(each, type.getElementType())).toList();
      case BYTES ->
          value instanceof BigDecimal number
              ? ByteBuffer.wrap(number.unscaledValue().toByteArray())
              : value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
      default -> value;
    };
  }

  private static @Nullable Object plain(@Nullable Object datum, Schema schema) {
    if (datum == null) {
      return null;
    }
    Schema type = notNull(schema);
    return switch (type.getType()) {
      case RECORD -> {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Schema.Field field : type.getFields()) {
          fields.put(field.name(), plain(((IndexedRecord) datum).get(field.pos()), field.schema()));
        }
        yield fields;
      }
      case ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        ((List<?>) datum).forEach(each -> elements.add(plain(each, type.getElementType())));
        yield elements;
      }
      case MAP -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        ((Map<?, ?>) datum)
            .forEach((key, each) -> entries.put(key.toString(), plain(each, type.getValueType())));
        yield entries;
      }
      case BYTES -> {
        ByteBuffer buffer = (ByteBuffer) datum;
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        yield type.getLogicalType() instanceof LogicalTypes.Decimal decimal
            ? new BigDecimal(new BigInteger(bytes), decimal.getScale())
            : bytes;
      }
      case STRING -> datum.toString();
      default -> datum;
    };
  }

  private static Schema notNull(Schema schema) {
    return schema.isUnion() ? schema.getTypes().get(1) : schema;
  }
}
