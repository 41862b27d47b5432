package io.github.dynamokc.offset;

import java.util.Map;

/** What an offset is about: a table, a data file of an export, or a shard of a stream. */
public sealed interface SourcePartition {
  /** The table's name. */
  String table();

  /** A new map for Connect; see {@link OffsetMap} for its type. */
  Map<String, Object> toConnect();

  /** How messages call it, as the beginning of a sentence. */
  String description();

  /** Reads the offset of this kind of partition. */
  SourceOffset readOffset(OffsetMap.Reader reader);

  /** The table as a whole. */
  record OfTable(String table) implements SourcePartition {
    private static final String KIND = "table";

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder().put(Keys.TABLE, table).put(Keys.KIND, KIND).build();
    }

    @Override
    public String description() {
      return "Table " + table;
    }

    @Override
    public SourceOffset readOffset(OffsetMap.Reader reader) {
      return TableOffset.read(reader);
    }
  }

  /**
   * One data file of an export.
   *
   * @param export the export's ARN
   * @param file the file's S3 key, as the manifest has it
   */
  record OfFile(String table, String export, String file) implements SourcePartition {
    private static final String KIND = "file";

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .put(Keys.TABLE, table)
          .put(Keys.KIND, KIND)
          .put(Keys.EXPORT, export)
          .put(Keys.FILE, file)
          .build();
    }

    @Override
    public String description() {
      return "Data file " + file + " of table " + table;
    }

    @Override
    public SourceOffset readOffset(OffsetMap.Reader reader) {
      return FileOffset.read(reader);
    }
  }

  /**
   * One shard of a stream.
   *
   * @param stream the stream's ARN
   * @param shard the shard's id
   */
  record OfShard(String table, String stream, String shard) implements SourcePartition {
    private static final String KIND = "shard";

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .put(Keys.TABLE, table)
          .put(Keys.KIND, KIND)
          .put(Keys.STREAM, stream)
          .put(Keys.SHARD, shard)
          .build();
    }

    @Override
    public String description() {
      return "Shard " + shard + " of table " + table;
    }

    @Override
    public SourceOffset readOffset(OffsetMap.Reader reader) {
      return ShardOffset.read(reader);
    }
  }

  /**
   * Reads a partition that Connect hands back or a user gave to the offsets API.
   *
   * @throws MalformedOffsetException if it is none of ours, saying why
   */
  static SourcePartition fromConnect(Map<String, ?> map) {
    OffsetMap.Reader reader = OffsetMap.reader("The source partition " + map, map);
    String kind = reader.string(Keys.KIND);
    String table = reader.string(Keys.TABLE);
    SourcePartition partition =
        switch (kind) {
          case OfTable.KIND -> new OfTable(table);
          case OfFile.KIND ->
              new OfFile(table, reader.string(Keys.EXPORT), reader.string(Keys.FILE));
          case OfShard.KIND ->
              new OfShard(table, reader.string(Keys.STREAM), reader.string(Keys.SHARD));
          default -> throw reader.wrongType(Keys.KIND, kind, "'table', 'file' or 'shard'");
        };
    reader.nothingElse();
    return partition;
  }

  /** The table that one of our partitions is of, without looking at the rest. */
  static String tableOf(Map<String, ?> partition) {
    return String.valueOf(partition.get(Keys.TABLE));
  }

  /** The keys of a partition map. */
  final class Keys {
    static final String TABLE = "table";
    static final String KIND = "kind";
    static final String EXPORT = "export";
    static final String FILE = "file";
    static final String STREAM = "stream";
    static final String SHARD = "shard";

    private Keys() {}
  }
}
