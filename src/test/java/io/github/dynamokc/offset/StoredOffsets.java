package io.github.dynamokc.offset;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * Offsets as Connect writes them to its offsets topic. As a program it prints some, for comparison.
 */
final class StoredOffsets {
  static final List<SourcePartition> PARTITIONS =
      List.of(
          new SourcePartition.OfTable("orders"),
          new SourcePartition.OfFile("orders", "arn:aws:dynamodb:export/1", "data/1.json.gz"),
          new SourcePartition.OfShard("orders", "arn:aws:dynamodb:stream/1", "shardId-0001"),
          new SourcePartition.OfShards("orders", "3"),
          new SourcePartition.OfCounts("orders", "3"),
          new SourcePartition.OfAssignment("3"),
          new SourcePartition.OfTrouble("orders"),
          new SourcePartition.OfTables());

  private static final String TOPIC = "connect-offsets";
  private static final JsonConverter CONVERTER = new JsonConverter();

  static {
    CONVERTER.configure(Map.of("schemas.enable", "false", "converter.type", "key"));
  }

  private StoredOffsets() {}

  /** The key of the offsets topic, which is what Connect compares. */
  static byte[] key(Map<String, ?> partition) {
    return CONVERTER.fromConnectData(TOPIC, null, Arrays.asList("orders-source", partition));
  }

  static byte[] value(Map<String, ?> offset) {
    return CONVERTER.fromConnectData(TOPIC, null, offset);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> partition(byte[] key) {
    return (Map<String, Object>) ((List<?>) CONVERTER.toConnectData(TOPIC, key).value()).get(1);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> offset(byte[] value) {
    return (Map<String, Object>) CONVERTER.toConnectData(TOPIC, value).value();
  }

  static String hexKeys() {
    StringBuilder lines = new StringBuilder();
    for (SourcePartition partition : PARTITIONS) {
      lines.append(HexFormat.of().formatHex(key(partition.toConnect()))).append('\n');
    }
    return lines.toString();
  }

  /** Prints the keys of all {@link #PARTITIONS} in hexadecimal. */
  public static void main(String[] args) {
    System.out.print(hexKeys());
  }
}
