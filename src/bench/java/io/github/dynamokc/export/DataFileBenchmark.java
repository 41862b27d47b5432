package io.github.dynamokc.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.bench.ExportItems;
import io.github.dynamokc.delivery.DeliveryCallback;
import io.github.dynamokc.gzip.GunzipStream;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.testing.RecordForms;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** One data file from gzip bytes to records on one thread, and what that is held against. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DataFileBenchmark {
  /** Items of the file. */
  public static final int ITEMS = 8_000;

  private static final int GZIP_BUFFER = 64 * 1024;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final JsonFactory TOKENS = JSON.getFactory();
  private final byte[] buffer = new byte[256 * 1024];
  private byte[] gzip = {};

  @Setup
  public void makeFile() {
    gzip = ExportItems.gzip(0, ITEMS);
  }

  /** As {@link DataFileLoader} does it: finished records with keys, headers and offsets. */
  @Benchmark
  public void connector(Blackhole records) throws Exception {
    make(records);
  }

  /** The same with values that keep the types, as text. */
  @Benchmark
  public void dynamoDbJson(Blackhole records) throws Exception {
    make(records, "value.format", "dynamodb_json");
  }

  /** The same with structs of columns. */
  @Benchmark
  public void columns(Blackhole records) throws Exception {
    make(records, "value.format", "struct");
  }

  /** The same with structs of attributes. */
  @Benchmark
  public void attributes(Blackhole records) throws Exception {
    make(records, "value.format", "struct", "struct.schema", "attributes");
  }

  private void make(Blackhole records, String... form) throws IOException, InterruptedException {
    DataFileItems items =
        new DataFileItems(
            new DataFileText(
                new ByteArrayInputStream(gzip),
                () -> "\"e-tag\"",
                null,
                SnapshotLoad.POSITION_EVERY),
            RecordForms.table(
                    "orders", "orders", ExportItems.PARTITION_KEY, ExportItems.SORT_KEY, form)
                .ofFile(
                    new SourcePartition.OfFile("orders", "arn:export", "data/1.json.gz"),
                    1_700_020_441_123L,
                    1_700_020_141_123_000L,
                    DeliveryCallback.NO_OP),
            false);
    while (items.next()) {
      records.consume(items.record());
    }
    verify(items.count());
  }

  /** Gunzip alone, as the connector does it. */
  @Benchmark
  public void gunzip(Blackhole text) throws IOException {
    readAll(new GunzipStream(new ByteArrayInputStream(gzip)), text);
  }

  /** Gunzip alone, as the platform does it. */
  @Benchmark
  public void platformGunzip(Blackhole text) throws IOException {
    readAll(gunzip(), text);
  }

  private void readAll(InputStream in, Blackhole text) throws IOException {
    int read = in.read(buffer);
    while (read >= 0) {
      text.consume(read);
      read = in.read(buffer);
    }
    text.consume(buffer);
  }

  /** Gunzip, and Jackson looking at each token: nothing is made. */
  @Benchmark
  public void tokens(Blackhole tokens) throws IOException {
    long items = 0;
    try (JsonParser parser = TOKENS.createParser(gunzip())) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.consume(token);
        if (parser.getParsingContext().inRoot()) {
          items++;
        }
      }
    }
    verify(items);
  }

  /** The obvious way: a tree for each line, another one without types, which is written. */
  @Benchmark
  public void tree(Blackhole values) throws IOException {
    long items = 0;
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(gunzip(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      values.consume(JSON.writeValueAsString(plainObject(JSON.readTree(line).get("Item"))));
      items++;
    }
    verify(items);
  }

  private InputStream gunzip() throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(gzip), GZIP_BUFFER);
  }

  private static void verify(long items) {
    if (items != ITEMS) {
      throw new IllegalStateException(items + " items were read");
    }
  }

  private static ObjectNode plainObject(JsonNode attributes) {
    ObjectNode plain = JsonNodeFactory.instance.objectNode();
    attributes.fields().forEachRemaining(each -> plain.set(each.getKey(), plain(each.getValue())));
    return plain;
  }

  private static JsonNode plain(JsonNode typed) {
    Map.Entry<String, JsonNode> value = typed.fields().next();
    JsonNode content = value.getValue();
    return switch (value.getKey()) {
      case "N" -> number(content);
      case "NULL" -> JsonNodeFactory.instance.nullNode();
      case "M" -> plainObject(content);
      case "L" -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(content.size());
        content.forEach(each -> array.add(plain(each)));
        yield array;
      }
      case "NS" -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(content.size());
        content.forEach(each -> array.add(number(each)));
        yield array;
      }
      default -> content;
    };
  }

  private static JsonNode number(JsonNode text) {
    return JsonNodeFactory.instance.numberNode(new BigDecimal(text.textValue()));
  }
}
