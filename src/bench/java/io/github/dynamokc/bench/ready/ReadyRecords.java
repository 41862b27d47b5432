package io.github.dynamokc.bench.ready;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;

/** Records of texts in a file: keys, values and headers as another connector has made them. */
public final class ReadyRecords {
  private ReadyRecords() {}

  public static void write(Path file, List<? extends SourceRecord> records) {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(records.size());
      for (SourceRecord record : records) {
        writeText(out, (String) record.key());
        writeText(out, (String) record.value());
        out.writeLong(record.timestamp());
        out.writeInt(record.headers().size());
        for (Header header : record.headers()) {
          out.writeUTF(header.key());
          writeValue(out, header.value());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static void writeValue(DataOutputStream out, Object value) throws IOException {
    if (value == null) {
      out.writeByte('0');
    } else if (value instanceof Long number) {
      out.writeByte('L');
      out.writeLong(number);
    } else if (value instanceof Boolean flag) {
      out.writeByte('B');
      out.writeBoolean(flag);
    } else {
      out.writeByte('S');
      out.writeUTF((String) value);
    }
  }

  /**
   * @param bytes whether keys and values are bytes
   */
  static List<SourceRecord> read(Path file, String topic, boolean bytes) {
    Schema schema = bytes ? Schema.BYTES_SCHEMA : Schema.STRING_SCHEMA;
    List<SourceRecord> records = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (int left = in.readInt(); left > 0; left--) {
        records.add(
            new SourceRecord(
                Map.of("ready", "records"),
                Map.of("position", 0L),
                topic,
                null,
                schema,
                readText(in, bytes),
                schema,
                readText(in, bytes),
                in.readLong(),
                readHeaders(in)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return records;
  }

  private static Object readText(DataInputStream in, boolean bytes) throws IOException {
    byte[] utf8 = in.readNBytes(in.readInt());
    return bytes ? utf8 : new String(utf8, StandardCharsets.UTF_8);
  }

  private static ConnectHeaders readHeaders(DataInputStream in) throws IOException {
    ConnectHeaders headers = new ConnectHeaders();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      switch (in.readByte()) {
        case '0' -> headers.addString(name, null);
        case 'L' -> headers.addLong(name, in.readLong());
        case 'B' -> headers.addBoolean(name, in.readBoolean());
        default -> headers.addString(name, in.readUTF());
      }
    }
    return headers;
  }
}
