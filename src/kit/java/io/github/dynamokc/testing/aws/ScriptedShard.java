package io.github.dynamokc.testing.aws;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A shard of a {@link ScriptedStream}, guarded by its stream. */
final class ScriptedShard {
  private final String id;
  private final @Nullable String parent;
  private final String starting;
  private @Nullable String ending;
  private final List<ScriptedRecord> records = new ArrayList<>();

  /** When each of the records was appended, epoch ms. */
  private final List<Long> appendedAtMs = new ArrayList<>();

  private BigInteger trimmedUpTo = BigInteger.ZERO;
  private BigInteger last;

  ScriptedShard(String id, @Nullable String parent, String starting) {
    this.id = id;
    this.parent = parent;
    this.starting = starting;
    this.last = new BigInteger(starting).subtract(BigInteger.ONE);
  }

  String id() {
    return id;
  }

  @Nullable String parent() {
    return parent;
  }

  boolean isClosed() {
    return ending != null;
  }

  /**
   * @param nowMs when that is, epoch ms; the record may claim another second
   */
  void append(ScriptedRecord record, long nowMs) {
    if (isClosed()) {
      throw new IllegalStateException(id + " is closed");
    }
    if (record.position().compareTo(last) <= 0) {
      throw new IllegalArgumentException(
          record.sequenceNumber() + " is not above the last number of " + id + ", " + last);
    }
    records.add(record);
    appendedAtMs.add(nowMs);
    last = record.position();
  }

  /**
   * @param pastLastRecord the ending number if it shall not be that of the last record
   */
  void close(@Nullable String pastLastRecord) {
    if (isClosed()) {
      throw new IllegalStateException(id + " is closed already");
    }
    if (pastLastRecord != null) {
      ending = pastLastRecord;
      last = new BigInteger(pastLastRecord);
    } else {
      ending = last.compareTo(new BigInteger(starting)) < 0 ? starting : last.toString();
    }
  }

  /** Drops the records up to this number, itself included. */
  void trim(BigInteger upTo) {
    drop(firstAfter(upTo));
  }

  /** Drops the records that were appended before this time, epoch ms. */
  void trimOlderThan(long timeMs) {
    int old = 0;
    while (old < appendedAtMs.size() && appendedAtMs.get(old) < timeMs) {
      old++;
    }
    drop(old);
  }

  private void drop(int count) {
    if (count > 0) {
      trimmedUpTo = records.get(count - 1).position();
      records.subList(0, count).clear();
      appendedAtMs.subList(0, count).clear();
    }
  }

  BigInteger lastPosition() {
    return last;
  }

  /**
   * @param asOpen whether it is not shown yet that the shard is closed
   */
  StreamListing.ListedShard listed(boolean asOpen) {
    return new StreamListing.ListedShard(id, parent, starting, asOpen ? null : ending);
  }

  BigInteger trimHorizon() {
    return trimmedUpTo;
  }

  BigInteger latest() {
    return last.max(trimmedUpTo);
  }

  /** The position of an iterator at or after a number, which must be one of this shard. */
  BigInteger position(String sequenceNumber, boolean inclusive) {
    BigInteger number = new BigInteger(sequenceNumber);
    if (number.compareTo(new BigInteger(starting)) < 0 || number.compareTo(highest()) > 0) {
      throw AwsErrorException.badRequest(
          "ValidationException", "Invalid SequenceNumber " + sequenceNumber + " for shard " + id);
    }
    if (number.compareTo(trimmedUpTo) <= 0) {
      throw trimmed();
    }
    return inclusive ? number.subtract(BigInteger.ONE) : number;
  }

  private BigInteger highest() {
    return ending == null ? last.max(new BigInteger(starting)) : new BigInteger(ending);
  }

  private static AwsErrorException trimmed() {
    return AwsErrorException.badRequest(
        "TrimmedDataAccessException",
        "The operation attempted to read past the oldest stream record in a shard");
  }

  /** Records after the position, at most so many and, but for the first, at most so many bytes. */
  List<ScriptedRecord> read(BigInteger after, int maxRecords, long maxBytes) {
    if (after.compareTo(trimmedUpTo) < 0) {
      throw trimmed();
    }
    List<ScriptedRecord> page = new ArrayList<>();
    long bytes = 0;
    for (int i = firstAfter(after); i < records.size() && page.size() < maxRecords; i++) {
      bytes += records.get(i).sizeBytes();
      if (bytes > maxBytes && !page.isEmpty()) {
        break;
      }
      page.add(records.get(i));
    }
    return page;
  }

  private int firstAfter(BigInteger after) {
    int low = 0;
    int high = records.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (records.get(middle).position().compareTo(after) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  boolean hasNothingAfter(BigInteger position) {
    return firstAfter(position) == records.size();
  }

  boolean isAtEnd(BigInteger after) {
    return isClosed() && hasNothingAfter(after);
  }
}
