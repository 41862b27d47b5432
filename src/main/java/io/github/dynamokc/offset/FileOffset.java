package io.github.dynamokc.offset;

import java.util.Map;

/**
 * How far a data file is loaded.
 *
 * @param items items of the file, from its first line on, whose records are in Kafka
 * @param done whether that is all of them, verified against the manifest
 */
public record FileOffset(long items, boolean done) implements SourceOffset {
  private static final String ITEMS = "items";
  private static final String DONE = "done";

  @Override
  public Map<String, Object> toConnect() {
    OffsetMap.Builder map = OffsetMap.builder().put(ITEMS, items);
    return (done ? map.put(DONE, true) : map).offset();
  }

  /** Whether an offset of a data file says that it is loaded, without looking at the rest. */
  public static boolean isDone(Map<String, ?> offset) {
    return Boolean.TRUE.equals(offset.get(DONE));
  }

  static FileOffset read(OffsetMap.Reader reader) {
    return new FileOffset(reader.number(ITEMS), reader.mark(DONE));
  }
}
