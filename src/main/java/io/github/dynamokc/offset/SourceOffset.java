package io.github.dynamokc.offset;

import java.util.Map;

/** How far a {@link SourcePartition} has come. */
public sealed interface SourceOffset
    permits TableOffset,
        FileOffset,
        ShardOffset,
        ShardsOffset,
        CountsOffset,
        AssignmentOffset,
        TroubleOffset,
        TablesOffset {
  /** A new map for Connect, of strings, longs and booleans only; see {@link OffsetMap}. */
  Map<String, Object> toConnect();

  /**
   * Reads the offset of a partition.
   *
   * @throws MalformedOffsetException if it does not fit the partition's kind, saying why
   */
  static SourceOffset fromConnect(SourcePartition partition, Map<String, ?> map) {
    OffsetMap.Reader reader = OffsetMap.reader("The offset " + map + " of " + partition, map);
    SourceOffset offset = partition.readOffset(reader);
    reader.nothingElse();
    return offset;
  }
}
