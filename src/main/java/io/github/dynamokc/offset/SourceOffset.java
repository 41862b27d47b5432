package io.github.dynamokc.offset;

import java.util.Map;

/** How far a {@link SourcePartition} has come. */
public sealed interface SourceOffset permits TableOffset, FileOffset, ShardOffset {
  /** A new map for Connect, of strings, longs and booleans only; see {@link FactMap}. */
  Map<String, Object> toConnect();

  /**
   * Reads the offset of a partition.
   *
   * @throws MalformedFactException if it does not fit the partition's kind, saying why
   */
  static SourceOffset fromConnect(SourcePartition partition, Map<String, ?> map) {
    FactMap.Reader reader = FactMap.reader("The offset " + map + " of " + partition, map);
    SourceOffset offset;
    if (partition instanceof SourcePartition.OfTable) {
      offset = TableOffset.read(reader);
    } else if (partition instanceof SourcePartition.OfFile) {
      offset = FileOffset.read(reader);
    } else {
      offset = ShardOffset.read(reader);
    }
    reader.nothingElse();
    return offset;
  }
}
