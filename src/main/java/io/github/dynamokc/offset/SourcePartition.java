package io.github.dynamokc.offset;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an offset is about: a table, its trouble, a data file of an export, a shard of a stream, the
 * shards of a task, what a task counted, what it was given, or the list of tables.
 */
public sealed interface SourcePartition {
  /** The table's name, null for what is of the connector as a whole. */
  @Nullable String table();

  /** Whom messages and status records are about: the table's name, or a text that is no table's. */
  String subject();

  /** A new map for Connect; see {@link OffsetMap} for its type. */
  Map<String, Object> toConnect();

  /** How messages call it, as the beginning of a sentence. */
  String description();

  /** Reads the offset of this kind of partition. */
  SourceOffset readOffset(OffsetMap.Reader reader);

  /** What is of one table. */
  sealed interface OfOneTable extends SourcePartition {
    @Override
    String table();

    @Override
    default String subject() {
      return table();
    }
  }

  /** The table as a whole. */
  record OfTable(String table) implements OfOneTable {
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
  record OfFile(String table, String export, String file) implements OfOneTable {
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
  record OfShard(String table, String stream, String shard) implements OfOneTable {
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
   * The shards of a table that one task has written offsets of.
   *
   * @param task the task's number, as text
   */
  record OfShards(String table, String task) implements OfOneTable {
    private static final String KIND = "shards";

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .put(Keys.TABLE, table)
          .put(Keys.KIND, KIND)
          .put(Keys.TASK, task)
          .build();
    }

    @Override
    public String description() {
      return "The shards of table " + table + " of task " + task;
    }

    @Override
    public SourceOffset readOffset(OffsetMap.Reader reader) {
      return ShardsOffset.read(reader);
    }
  }

  /**
   * What one task has counted of a table.
   *
   * @param task the task's number, as text
   */
  record OfCounts(String table, String task) implements OfOneTable {
    private static final String KIND = "counts";

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .put(Keys.TABLE, table)
          .put(Keys.KIND, KIND)
          .put(Keys.TASK, task)
          .build();
    }

    @Override
    public String description() {
      return "What task " + task + " counted of table " + table;
    }

    @Override
    public SourceOffset readOffset(OffsetMap.Reader reader) {
      return CountsOffset.read(reader);
    }
  }

  /** Why a table is not followed now. */
  record OfTrouble(String table) implements OfOneTable {
    private static final String KIND = "trouble";

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder().put(Keys.TABLE, table).put(Keys.KIND, KIND).build();
    }

    @Override
    public String description() {
      return "The trouble of table " + table;
    }

    @Override
    public SourceOffset readOffset(OffsetMap.Reader reader) {
      return TroubleOffset.read(reader);
    }
  }

  /** Which tables the connector follows. */
  record OfTables() implements SourcePartition {
    private static final String KIND = "tables";

    @Override
    public @Nullable String table() {
      return null;
    }

    /** No table's name has a slash. */
    @Override
    public String subject() {
      return "connector/tables";
    }

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder().put(Keys.KIND, KIND).build();
    }

    @Override
    public String description() {
      return "The list of tables";
    }

    @Override
    public SourceOffset readOffset(OffsetMap.Reader reader) {
      return TablesOffset.read(reader);
    }
  }

  /**
   * What one task of the connector was given.
   *
   * @param task the task's number, as text
   */
  record OfAssignment(String task) implements SourcePartition {
    private static final String KIND = "plan";

    /**
     * @param task the task's number, from 0 on
     */
    public static OfAssignment of(int task) {
      return new OfAssignment(Integer.toString(task));
    }

    @Override
    public @Nullable String table() {
      return null;
    }

    /** No table's name has a slash. */
    @Override
    public String subject() {
      return "task/" + task;
    }

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder().put(Keys.KIND, KIND).put(Keys.TASK, task).build();
    }

    @Override
    public String description() {
      return "The assignment of task " + task;
    }

    @Override
    public SourceOffset readOffset(OffsetMap.Reader reader) {
      return AssignmentOffset.read(reader);
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
    SourcePartition partition =
        switch (kind) {
          case OfTable.KIND -> new OfTable(reader.string(Keys.TABLE));
          case OfFile.KIND ->
              new OfFile(
                  reader.string(Keys.TABLE), reader.string(Keys.EXPORT), reader.string(Keys.FILE));
          case OfShard.KIND ->
              new OfShard(
                  reader.string(Keys.TABLE), reader.string(Keys.STREAM), reader.string(Keys.SHARD));
          case OfShards.KIND -> new OfShards(reader.string(Keys.TABLE), reader.string(Keys.TASK));
          case OfCounts.KIND -> new OfCounts(reader.string(Keys.TABLE), reader.string(Keys.TASK));
          case OfAssignment.KIND -> new OfAssignment(reader.string(Keys.TASK));
          case OfTrouble.KIND -> new OfTrouble(reader.string(Keys.TABLE));
          case OfTables.KIND -> new OfTables();
          default ->
              throw reader.wrongType(
                  Keys.KIND,
                  kind,
                  "'table', 'file', 'shard', 'shards', 'counts', 'plan', 'trouble' or 'tables'");
        };
    reader.nothingElse();
    return partition;
  }

  /** The table that one of our partitions is of, without looking at the rest; null for none. */
  static @Nullable String tableOf(Map<String, ?> partition) {
    Object table = partition.get(Keys.TABLE);
    return table == null ? null : table.toString();
  }

  /** Whether one of our partitions is a data file, without looking at the rest. */
  static boolean isFile(Map<String, ?> partition) {
    return OfFile.KIND.equals(partition.get(Keys.KIND));
  }

  /** The keys of a partition map. */
  final class Keys {
    static final String TABLE = "table";
    static final String KIND = "kind";
    static final String EXPORT = "export";
    static final String FILE = "file";
    static final String STREAM = "stream";
    static final String SHARD = "shard";
    static final String TASK = "task";

    private Keys() {}
  }
}
