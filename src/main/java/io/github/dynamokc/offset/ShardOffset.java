package io.github.dynamokc.offset;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a shard is read. Its {@link #version()} is the last document version emitted on the
 * shard's lineage so far, 0 while none was.
 *
 * <pre>
 *   (no offset) ──> Started ──> Read ──> Finished ──> (no offset: retired)
 *        │             └─────────────────────^
 *        └──> Read, Finished                        (a shard without a parent that was read)
 * </pre>
 *
 * A finished shard is retired, that is its offset is taken away, when the offsets of all its
 * children are committed (invariant C). So the offsets that are left are those near the open end of
 * the stream, and each says with {@link #lineage()} whose work it is. That is how a task that is
 * restarted from an old plan finds what it has to read, when the shard it was given is long
 * forgotten.
 */
public sealed interface ShardOffset extends SourceOffset {
  /** The last document version of the lineage, in microseconds of the epoch; 0 for none. */
  long version();

  /**
   * The shard that the task which wrote this was given, from which this one descends (or which it
   * is). Null if somebody set the offset by hand and left it out: then the next plan gives the
   * shard out by its own id.
   */
  @Nullable String lineage();

  /** The same position as work of another lineage. */
  ShardOffset ofLineage(String other);

  /**
   * The shard's parent is read to its end and acknowledged; nothing of this shard is yet.
   *
   * @param at when that was written, in epoch milliseconds
   */
  record Started(long version, long at, @Nullable String lineage) implements ShardOffset {
    @Override
    public ShardOffset ofLineage(String other) {
      return new Started(version, at, other);
    }

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .put(Keys.VERSION, version)
          .put(Keys.AT, at)
          .putIfPresent(Keys.LINEAGE, lineage)
          .build();
    }
  }

  /**
   * Every change up to and including {@code sequence} is in Kafka or was skipped by a rule.
   *
   * @param sequence a sequence number, as decimal text
   */
  record Read(String sequence, long version, @Nullable String lineage) implements ShardOffset {
    @Override
    public ShardOffset ofLineage(String other) {
      return new Read(sequence, version, other);
    }

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .put(Keys.SEQUENCE, sequence)
          .put(Keys.VERSION, version)
          .putIfPresent(Keys.LINEAGE, lineage)
          .build();
    }
  }

  /**
   * The shard is read to its end and every record of it is in Kafka.
   *
   * @param sequence the last change that was emitted, null if there was none
   * @param at when the end was reached, in epoch milliseconds
   */
  record Finished(@Nullable String sequence, long version, long at, @Nullable String lineage)
      implements ShardOffset {
    @Override
    public ShardOffset ofLineage(String other) {
      return new Finished(sequence, version, at, other);
    }

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .putIfPresent(Keys.SEQUENCE, sequence)
          .put(Keys.VERSION, version)
          .put(Keys.AT, at)
          .put(Keys.DONE, true)
          .putIfPresent(Keys.LINEAGE, lineage)
          .build();
    }
  }

  static ShardOffset read(OffsetMap.Reader reader) {
    boolean done = reader.mark(Keys.DONE);
    String sequence = reader.optionalString(Keys.SEQUENCE);
    long version = reader.number(Keys.VERSION);
    String lineage = reader.optionalString(Keys.LINEAGE);
    if (sequence != null && !sequence.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw reader.wrongType(Keys.SEQUENCE, sequence, "a sequence number of digits only");
    }
    if (done) {
      return new Finished(sequence, version, reader.number(Keys.AT), lineage);
    }
    return sequence == null
        ? new Started(version, reader.number(Keys.AT), lineage)
        : new Read(sequence, version, lineage);
  }

  /** The keys of a shard's offset map. */
  final class Keys {
    static final String SEQUENCE = "sequence";
    static final String VERSION = "version";
    static final String AT = "at";
    static final String DONE = "done";
    static final String LINEAGE = "lineage";

    private Keys() {}
  }
}
