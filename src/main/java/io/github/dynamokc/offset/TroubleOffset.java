package io.github.dynamokc.offset;

import java.util.Map;

/**
 * Why a table is not followed now, as it was told last: a restart does not tell it once more.
 *
 * @param failed whether its work has failed; otherwise it cannot be followed yet
 * @param reason in words for the user
 * @param since when that was found, epoch ms
 */
public record TroubleOffset(boolean failed, String reason, long since) implements SourceOffset {
  private static final String FAILED = "failed";
  private static final String REASON = "reason";
  private static final String SINCE = "since";

  private static final String UNKNOWN = "no reason is known";

  /** An offset is no place for all that a server may answer. */
  private static final int LONGEST_REASON = 4_000;

  public TroubleOffset {
    reason = reason.isEmpty() ? UNKNOWN : shortened(reason);
  }

  /** Half of a surrogate pair could not be read back. */
  private static String shortened(String reason) {
    if (reason.length() <= LONGEST_REASON) {
      return reason;
    }
    boolean splits = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1));
    return reason.substring(0, splits ? LONGEST_REASON - 1 : LONGEST_REASON);
  }

  /** A table that cannot be followed yet. */
  public static TroubleOffset skipped(String reason, long sinceMs) {
    return new TroubleOffset(false, reason, sinceMs);
  }

  /** A table whose work has failed. */
  public static TroubleOffset failed(String reason, long sinceMs) {
    return new TroubleOffset(true, reason, sinceMs);
  }

  /** Whether the same is told of, since whenever. */
  public boolean tellsSameAs(TroubleOffset other) {
    return failed == other.failed && reason.equals(other.reason);
  }

  @Override
  public Map<String, Object> toConnect() {
    OffsetMap.Builder map = OffsetMap.builder().put(REASON, reason).put(SINCE, since);
    return (failed ? map.put(FAILED, true) : map).offset();
  }

  static TroubleOffset read(OffsetMap.Reader reader) {
    return new TroubleOffset(reader.mark(FAILED), reader.string(REASON), reader.number(SINCE));
  }
}
