package io.github.dynamokc.bench.ready;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        out.writeUTF((String) record.key());
        out.writeUTF((String) record.value());
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

  static List<SourceRecord> read(Path file, String topic) {
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
                Schema.STRING_SCHEMA,
                in.readUTF(),
                Schema.STRING_SCHEMA,
                in.readUTF(),
                in.readLong(),
                readHeaders(in)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return records;
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
