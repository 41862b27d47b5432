package io.github.dynamokc.offset;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a shard is read. Its {@link #version()} is the last document version given out on the
 * shard's lineage so far, 0 while none was.
 *
 * <pre>
 *   (no offset) ──> Started ──> Read ──> Finished
 *        │             └─────────────────────^
 *        └──> Read, Finished                        (a shard without a parent that was read)
 * </pre>
 */
public sealed interface ShardOffset extends SourceOffset {
  /** The last document version of the lineage, in microseconds of the epoch; 0 for none. */
  long version();

  /**
   * The shard's parent is read to its end and acknowledged; nothing of this shard is yet.
   *
   * @param at when that was written, in epoch milliseconds
   */
  record Started(long version, long at) implements ShardOffset {
    @Override
    public Map<String, Object> toConnect() {
      return FactMap.builder().put(Keys.VERSION, version).put(Keys.AT, at).build();
    }
  }

  /**
   * Every change up to and including {@code sequence} is in Kafka or was left out by a rule.
   *
   * @param sequence a sequence number, as decimal text
   */
  record Read(String sequence, long version) implements ShardOffset {
    @Override
    public Map<String, Object> toConnect() {
      return FactMap.builder().put(Keys.SEQUENCE, sequence).put(Keys.VERSION, version).build();
    }
  }

  /**
   * The shard is read to its end and every record of it is in Kafka.
   *
   * @param sequence the last change that was emitted, null if there was none
   * @param at when the end was reached, in epoch milliseconds
   */
  record Finished(@Nullable String sequence, long version, long at) implements ShardOffset {
    @Override
    public Map<String, Object> toConnect() {
      return FactMap.builder()
          .putIfPresent(Keys.SEQUENCE, sequence)
          .put(Keys.VERSION, version)
          .put(Keys.AT, at)
          .put(Keys.DONE, true)
          .build();
    }
  }

  static ShardOffset read(FactMap.Reader reader) {
    boolean done = reader.mark(Keys.DONE);
    String sequence = reader.optionalString(Keys.SEQUENCE);
    long version = reader.number(Keys.VERSION);
    if (sequence != null && !sequence.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw reader.wrongType(Keys.SEQUENCE, sequence, "a sequence number of digits only");
    }
    if (done) {
      return new Finished(sequence, version, reader.number(Keys.AT));
    }
    return sequence == null
        ? new Started(version, reader.number(Keys.AT))
        : new Read(sequence, version);
  }

  /** The keys of a shard's offset map. */
  final class Keys {
    static final String SEQUENCE = "sequence";
    static final String VERSION = "version";
    static final String AT = "at";
    static final String DONE = "done";

    private Keys() {}
  }
}
