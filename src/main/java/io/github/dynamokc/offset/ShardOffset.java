package io.github.dynamokc.offset;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a shard is read. Its {@link #version()} is the last document version emitted on the
 * shard's lineage so far, 0 while none was. Its {@link #readUpTo()} is the time up to which its
 * changes are known to be read: what counts against the retention of the stream is never when an
 * offset was written.
 *
 * <pre>
 *   (no offset) ──> Started ──> Read ──> Finished ──> (no offset: retired)
 *        │             └─────────────────────^   │           ^
 *        └──> Read, Finished                     v           │
 *             by hand, from any of them:      Skipped ───────┘
 * </pre>
 *
 * A finished shard is retired, that is its offset is taken away, when the offsets of all its
 * children are committed (invariant C). So the offsets that are left are those near the open end of
 * the stream, and each says with {@link #lineage()} whose work it is. That is how a task that is
 * restarted from an old plan finds what it has to read, when the shard it was given is long
 * forgotten.
 */
public sealed interface ShardOffset extends SourceOffset {
  /** Of the last document version, which has microseconds. */
  long MICROS_PER_MILLI = 1000;

  /** The last document version of the lineage, in microseconds of the epoch; 0 for none. */
  long version();

  /**
   * Up to when the shard's changes are in Kafka or were skipped by a rule, in epoch milliseconds of
   * AWS's clock. Later changes may be unread.
   */
  long readUpTo();

  /**
   * The shard that the task which wrote this was given, from which this one descends (or which it
   * is). Null if somebody set the offset by hand and left it out: then the next plan gives the
   * shard out by its own id.
   */
  @Nullable String lineage();

  /**
   * When nothing was left to do of the shard but to find its children: when its end was reached, or
   * when it was told that it is skipped. Epoch ms; null while there is more.
   */
  default @Nullable Long endedAt() {
    return null;
  }

  /** The same position as work of another lineage. */
  ShardOffset ofLineage(String other);

  /**
   * The shard's parent is read to its end and acknowledged; no change of this shard is yet.
   *
   * @param readUpTo the parent's, or when this shard was last seen to be without changes
   */
  record Started(long version, long readUpTo, @Nullable String lineage) implements ShardOffset {
    @Override
    public ShardOffset ofLineage(String other) {
      return new Started(version, readUpTo, other);
    }

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .put(Keys.VERSION, version)
          .put(Keys.READ_UP_TO, readUpTo)
          .putIfPresent(Keys.LINEAGE, lineage)
          .offset();
    }
  }

  /**
   * Every change up to and including {@code sequence} is in Kafka or was skipped by a rule.
   *
   * @param sequence a sequence number, as decimal text
   * @param readUpTo when that change was made, or, if that is later, when the shard was last seen
   *     to have no more
   */
  record Read(String sequence, long version, long readUpTo, @Nullable String lineage)
      implements ShardOffset {
    @Override
    public ShardOffset ofLineage(String other) {
      return new Read(sequence, version, readUpTo, other);
    }

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .putDigitsIfPresent(Keys.SEQUENCE, sequence)
          .put(Keys.VERSION, version)
          .put(Keys.READ_UP_TO, readUpTo)
          .putIfPresent(Keys.LINEAGE, lineage)
          .offset();
    }
  }

  /**
   * The shard is read to its end and every record of it is in Kafka.
   *
   * @param sequence the last change that was emitted, null if there was none
   * @param readUpTo as of the shard's last change: what its children hold came after it
   * @param at when the end was reached, in epoch milliseconds
   */
  record Finished(
      @Nullable String sequence, long version, long readUpTo, long at, @Nullable String lineage)
      implements ShardOffset {
    @Override
    public ShardOffset ofLineage(String other) {
      return new Finished(sequence, version, readUpTo, at, other);
    }

    @Override
    public Long endedAt() {
      return at;
    }

    @Override
    public Map<String, Object> toConnect() {
      return OffsetMap.builder()
          .putDigitsIfPresent(Keys.SEQUENCE, sequence)
          .put(Keys.VERSION, version)
          .put(Keys.READ_UP_TO, readUpTo)
          .put(Keys.AT, at)
          .put(Keys.DONE, true)
          .putIfPresent(Keys.LINEAGE, lineage)
          .offset();
    }
  }

  /**
   * Set by hand: no more of the shard is read. Its children are, from their beginning, if there are
   * any. What that leaves out is told once, with the record that commits {@code skippedAt}.
   *
   * @param sequence the last change that was emitted, null if there was none
   * @param readUpTo as of any shard before it is told, and then up to when changes are skipped
   * @param at when the shard's end was reached, epoch ms; null if it was not, so that changes of
   *     the shard itself are skipped
   * @param skippedAt when it was told, epoch ms; null before
   */
  record Skipped(
      @Nullable String sequence,
      long version,
      long readUpTo,
      @Nullable Long at,
      @Nullable Long skippedAt,
      @Nullable String lineage)
      implements ShardOffset {
    @Override
    public Skipped ofLineage(String other) {
      return new Skipped(sequence, version, readUpTo, at, skippedAt, other);
    }

    /**
     * The same after it is told.
     *
     * @param upToMs up to when changes are skipped, epoch ms
     */
    public Skipped told(long nowMs, long upToMs) {
      return new Skipped(sequence, version, upToMs, at, nowMs, lineage);
    }

    @Override
    public @Nullable Long endedAt() {
      return skippedAt;
    }

    @Override
    public Map<String, Object> toConnect() {
      OffsetMap.Builder map =
          OffsetMap.builder()
              .put(Keys.SKIPPED, true)
              .putDigitsIfPresent(Keys.SEQUENCE, sequence)
              .put(Keys.VERSION, version)
              .put(Keys.READ_UP_TO, readUpTo)
              .putIfPresent(Keys.LINEAGE, lineage);
      if (at != null) {
        map.put(Keys.AT, at).put(Keys.DONE, true);
      }
      return (skippedAt == null ? map : map.put(Keys.SKIPPED_AT, skippedAt)).offset();
    }
  }

  /**
   * Reads an offset. Those of 0.1.0 have no {@code readUpTo}: there the time of the last version
   * stands in, or {@code at} where no change was read, which is what 0.1.0 went by.
   */
  static ShardOffset read(OffsetMap.Reader reader) {
    boolean done = reader.mark(Keys.DONE);
    String sequence = reader.optionalDigits(Keys.SEQUENCE);
    long version = reader.number(Keys.VERSION);
    String lineage = reader.optionalString(Keys.LINEAGE);
    if (reader.onlyTrue(Keys.SKIPPED)) {
      return new Skipped(
          sequence,
          version,
          reader.number(Keys.READ_UP_TO),
          done ? reader.number(Keys.AT) : null,
          reader.optionalNumber(Keys.SKIPPED_AT),
          lineage);
    }
    Long readUpTo = reader.optionalNumber(Keys.READ_UP_TO);
    if (done) {
      long at = reader.number(Keys.AT);
      return new Finished(sequence, version, readUpTo == null ? at : readUpTo, at, lineage);
    }
    if (sequence == null) {
      long upTo = readUpTo == null ? reader.number(Keys.AT) : readUpTo;
      return new Started(version, upTo, lineage);
    }
    long upTo = readUpTo == null ? version / MICROS_PER_MILLI : readUpTo;
    return new Read(sequence, version, upTo, lineage);
  }

  /** The keys of a shard's offset map. */
  final class Keys {
    static final String SEQUENCE = "sequence";
    static final String VERSION = "version";
    static final String READ_UP_TO = "readUpTo";
    static final String AT = "at";
    static final String DONE = "done";
    static final String LINEAGE = "lineage";
    static final String SKIPPED = "skipped";
    static final String SKIPPED_AT = "skippedAt";

    private Keys() {}
  }
}
