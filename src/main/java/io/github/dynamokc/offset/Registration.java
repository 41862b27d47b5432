package io.github.dynamokc.offset;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was true of the table when the connector first met it.
 *
 * @param tableId DynamoDB's id of this incarnation of the table
 * @param tableArn its ARN
 * @param streamArn the ARN of the stream to follow, null if it had none (a snapshot only)
 * @param partitionKey name of the partition key attribute
 * @param sortKey name of the sort key attribute, null without one
 * @param start which changes are wanted if no snapshot says it, or said it long ago
 * @param streamSince when the connector went over to this stream because the one before it had
 *     ended, epoch ms: all of this stream is wanted. Null for the table's first stream
 * @param versionFloor the highest document version of the streams before this one, which the
 *     versions of this stream begin above; 0 for the table's first stream
 * @param repaired the last gap that was repaired, null for none
 */
public record Registration(
    String tableId,
    String tableArn,
    @Nullable String streamArn,
    String partitionKey,
    @Nullable String sortKey,
    Start start,
    @Nullable Long streamSince,
    long versionFloor,
    @Nullable Repaired repaired) {

  /** Of a table whose stream has taken the place of no other, or of one without versions. */
  public Registration(
      String tableId,
      String tableArn,
      @Nullable String streamArn,
      String partitionKey,
      @Nullable String sortKey,
      Start start,
      @Nullable Long streamSince) {
    this(tableId, tableArn, streamArn, partitionKey, sortKey, start, streamSince, 0, null);
  }

  /**
   * The same table with another stream, all of which is wanted.
   *
   * @param endedVersion the highest document version of the stream that has ended
   */
  public Registration goneOverTo(String newStreamArn, long nowMs, long endedVersion) {
    return new Registration(
        tableId,
        tableArn,
        newStreamArn,
        partitionKey,
        sortKey,
        start,
        nowMs,
        Math.max(versionFloor, endedVersion),
        repaired);
  }

  Registration startingAt(Start other) {
    return new Registration(
        tableId,
        tableArn,
        streamArn,
        partitionKey,
        sortKey,
        other,
        streamSince,
        versionFloor,
        repaired);
  }

  /** The same table after the repair of a gap. */
  public Registration repaired(Repaired gap) {
    return new Registration(
        tableId, tableArn, streamArn, partitionKey, sortKey, start, streamSince, versionFloor, gap);
  }

  void write(OffsetMap.Builder map) {
    map.put(TableOffset.Keys.TABLE_ID, tableId)
        .put(TableOffset.Keys.TABLE_ARN, tableArn)
        .putIfPresent(TableOffset.Keys.STREAM_ARN, streamArn)
        .put(TableOffset.Keys.PARTITION_KEY, partitionKey)
        .putIfPresent(TableOffset.Keys.SORT_KEY, sortKey)
        .put(TableOffset.Keys.START_POSITION, start.fromTrimHorizon() ? "TRIM_HORIZON" : "LATEST")
        .put(TableOffset.Keys.START_TIME, start.timeMs());
    if (start.followed()) {
      map.put(TableOffset.Keys.FOLLOWED, true);
    }
    if (streamSince != null) {
      map.put(TableOffset.Keys.STREAM_SINCE, streamSince);
    }
    if (versionFloor > 0) {
      map.put(TableOffset.Keys.VERSION_FLOOR, versionFloor);
    }
    if (repaired != null) {
      map.put(TableOffset.Keys.REPAIRED_UP_TO, repaired.upToMs())
          .put(TableOffset.Keys.REPAIRED_LOST_UP_TO, repaired.lostUpToMs());
    }
  }

  static Registration read(OffsetMap.Reader reader) {
    String position = reader.string(TableOffset.Keys.START_POSITION);
    boolean fromTrimHorizon =
        switch (position) {
          case "TRIM_HORIZON" -> true;
          case "LATEST" -> false;
          default ->
              throw reader.wrongType(
                  TableOffset.Keys.START_POSITION, position, "TRIM_HORIZON or LATEST");
        };
    return new Registration(
        reader.string(TableOffset.Keys.TABLE_ID),
        reader.string(TableOffset.Keys.TABLE_ARN),
        reader.optionalString(TableOffset.Keys.STREAM_ARN),
        reader.string(TableOffset.Keys.PARTITION_KEY),
        reader.optionalString(TableOffset.Keys.SORT_KEY),
        new Start(
            fromTrimHorizon,
            reader.number(TableOffset.Keys.START_TIME),
            reader.mark(TableOffset.Keys.FOLLOWED)),
        reader.optionalNumber(TableOffset.Keys.STREAM_SINCE),
        Objects.requireNonNullElse(reader.optionalNumber(TableOffset.Keys.VERSION_FLOOR), 0L),
        repaired(reader));
  }

  private static @Nullable Repaired repaired(OffsetMap.Reader reader) {
    Long upTo = reader.optionalNumber(TableOffset.Keys.REPAIRED_UP_TO);
    return upTo == null
        ? null
        : new Repaired(upTo, reader.number(TableOffset.Keys.REPAIRED_LOST_UP_TO));
  }

  /**
   * Where the stream starts, resolved once: LATEST means from {@code timeMs} on, for ever.
   *
   * @param fromTrimHorizon whether everything that the stream still holds is wanted
   * @param timeMs when the table was registered less {@code stream.start.slack.ms}, or from when on
   *     the stream followed the first snapshot, epoch ms
   * @param followed whether the stream was followed from there on. Then no snapshot moves the start
   */
  public record Start(boolean fromTrimHorizon, long timeMs, boolean followed) {
    Start nowFollowed() {
      return new Start(fromTrimHorizon, timeMs, true);
    }
  }
}
