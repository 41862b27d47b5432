package io.github.dynamokc.offset;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a data file is loaded.
 *
 * @param items items of the file, from its first line on, whose records are in Kafka
 * @param done whether that is all of them, verified against the manifest
 * @param deletions how many of the items are deletions, of an incremental export
 * @param position a place at or before the end of these items from which on a file can be read that
 *     is half loaded, as the export's loader writes it; null for its start. It is a part of the
 *     offset of each item: Connect commits the offsets of two partitions one by one, and a place
 *     behind the items would lose some
 */
public record FileOffset(long items, boolean done, long deletions, @Nullable String position)
    implements SourceOffset {
  /** The key of the position, which nobody can read in a status record. */
  public static final String POSITION = "position";

  private static final String ITEMS = "items";
  private static final String DONE = "done";
  private static final String DELETIONS = "deletions";

  /** Of a file without deletions. */
  public FileOffset(long items, boolean done) {
    this(items, done, 0);
  }

  /** Of a file that is read from its start. */
  public FileOffset(long items, boolean done, long deletions) {
    this(items, done, deletions, null);
  }

  @Override
  public Map<String, Object> toConnect() {
    OffsetMap.Builder map = OffsetMap.builder().put(ITEMS, items);
    if (deletions > 0) {
      map.put(DELETIONS, deletions);
    }
    map.putIfPresent(POSITION, position);
    return (done ? map.put(DONE, true) : map).offset();
  }

  /** Whether an offset of a data file says that it is loaded, without looking at the rest. */
  public static boolean isDone(Map<String, ?> offset) {
    return Boolean.TRUE.equals(offset.get(DONE));
  }

  static FileOffset read(OffsetMap.Reader reader) {
    return new FileOffset(
        reader.number(ITEMS),
        reader.mark(DONE),
        Objects.requireNonNullElse(reader.optionalNumber(DELETIONS), 0L),
        reader.optionalString(POSITION));
  }
}
