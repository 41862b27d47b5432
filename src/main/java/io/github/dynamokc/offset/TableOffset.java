package io.github.dynamokc.offset;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a table stands, as committed.
 *
 * <pre>
 *   (no offset) ──> Registered ──> ExportSubmitted ──> ExportLoaded ──> STREAM
 *                     │   ^           │ │     ^ ^             │
 *                     │   │           │ └─────┘ │             │   a failed export is submitted again
 *          no_data:   v   │ no_data   v         │             │
 *                  STREAM └────────  Held ──────┘             │
 *                     └──────────────>^<──────────────────────┘   another snapshot is wanted
 * </pre>
 *
 * <p>The stream begins once: shortly before the first export, or at the registration if there is
 * none. A later snapshot holds it and lets it go on where it stood. What is read of it then is all
 * that happened since, deletions included, which no snapshot tells.
 */
public sealed interface TableOffset extends SourceOffset {
  Registration registration();

  /** The export of the snapshot, null before there is one. */
  @Nullable Export export();

  /** The same phase with another registration. */
  TableOffset with(Registration other);

  /**
   * Holds the stream for a snapshot of a table that has one already, or is followed without.
   *
   * @param exportedUpToMs up to when changes are in this offset's export, so that the stream began
   *     behind it if that was the first; epoch ms, ignored if there is none
   */
  default Held hold(long exportedUpToMs, long nowMs) {
    Start start = registration().start();
    boolean beganBehindExport = export() != null && !start.followed();
    Start begun = beganBehindExport ? new Start(false, exportedUpToMs, true) : start.nowFollowed();
    return new Held(registration().startingAt(begun), nowMs);
  }

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
   */
  record Registration(
      String tableId,
      String tableArn,
      @Nullable String streamArn,
      String partitionKey,
      @Nullable String sortKey,
      Start start,
      @Nullable Long streamSince,
      long versionFloor) {

    /** Of a table whose stream has taken the place of no other, or of one without versions. */
    public Registration(
        String tableId,
        String tableArn,
        @Nullable String streamArn,
        String partitionKey,
        @Nullable String sortKey,
        Start start,
        @Nullable Long streamSince) {
      this(tableId, tableArn, streamArn, partitionKey, sortKey, start, streamSince, 0);
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
          Math.max(versionFloor, endedVersion));
    }

    private Registration startingAt(Start other) {
      return new Registration(
          tableId, tableArn, streamArn, partitionKey, sortKey, other, streamSince, versionFloor);
    }

    private void write(OffsetMap.Builder map) {
      map.put(Keys.TABLE_ID, tableId)
          .put(Keys.TABLE_ARN, tableArn)
          .putIfPresent(Keys.STREAM_ARN, streamArn)
          .put(Keys.PARTITION_KEY, partitionKey)
          .putIfPresent(Keys.SORT_KEY, sortKey)
          .put(Keys.START_POSITION, start.fromTrimHorizon() ? "TRIM_HORIZON" : "LATEST")
          .put(Keys.START_TIME, start.timeMs());
      if (start.followed()) {
        map.put(Keys.FOLLOWED, true);
      }
      if (streamSince != null) {
        map.put(Keys.STREAM_SINCE, streamSince);
      }
      if (versionFloor > 0) {
        map.put(Keys.VERSION_FLOOR, versionFloor);
      }
    }

    private static Registration read(OffsetMap.Reader reader) {
      String position = reader.string(Keys.START_POSITION);
      boolean fromTrimHorizon =
          switch (position) {
            case "TRIM_HORIZON" -> true;
            case "LATEST" -> false;
            default ->
                throw reader.wrongType(Keys.START_POSITION, position, "TRIM_HORIZON or LATEST");
          };
      return new Registration(
          reader.string(Keys.TABLE_ID),
          reader.string(Keys.TABLE_ARN),
          reader.optionalString(Keys.STREAM_ARN),
          reader.string(Keys.PARTITION_KEY),
          reader.optionalString(Keys.SORT_KEY),
          new Start(fromTrimHorizon, reader.number(Keys.START_TIME), reader.mark(Keys.FOLLOWED)),
          reader.optionalNumber(Keys.STREAM_SINCE),
          Objects.requireNonNullElse(reader.optionalNumber(Keys.VERSION_FLOOR), 0L));
    }
  }

  /**
   * Where the stream starts, resolved once: LATEST means from {@code timeMs} on, for ever.
   *
   * @param fromTrimHorizon whether everything that the stream still holds is wanted
   * @param timeMs when the table was registered less {@code stream.start.slack.ms}, or from when on
   *     the stream followed the first snapshot, epoch ms
   * @param followed whether the stream was followed from there on. Then no snapshot moves the start
   */
  record Start(boolean fromTrimHorizon, long timeMs, boolean followed) {
    Start nowFollowed() {
      return new Start(fromTrimHorizon, timeMs, true);
    }
  }

  /**
   * A point-in-time export.
   *
   * @param timeMs the point in time, epoch ms
   * @param snapshot the {@code snapshot.id} that it was made for
   * @param attempt 1 for the first export of a snapshot, counted up when one failed
   */
  record Export(String arn, long timeMs, String snapshot, long attempt) {
    private void write(OffsetMap.Builder map) {
      map.put(Keys.EXPORT_ARN, arn)
          .put(Keys.EXPORT_TIME, timeMs)
          .put(Keys.SNAPSHOT_ID, snapshot)
          .put(Keys.EXPORT_ATTEMPT, attempt);
    }

    private static Export read(OffsetMap.Reader reader) {
      return new Export(
          reader.string(Keys.EXPORT_ARN),
          reader.number(Keys.EXPORT_TIME),
          reader.string(Keys.SNAPSHOT_ID),
          reader.number(Keys.EXPORT_ATTEMPT));
    }
  }

  /**
   * The table is known, and no snapshot of it was begun. Whether its stream is followed without one
   * follows from the start.
   */
  record Registered(Registration registration) implements TableOffset {
    static final String PHASE = "REGISTERED";

    /** The same table, its stream followed from the start on without a snapshot. */
    public Registered followed() {
      return new Registered(registration.startingAt(registration.start().nowFollowed()));
    }

    @Override
    public @Nullable Export export() {
      return null;
    }

    @Override
    public TableOffset with(Registration other) {
      return new Registered(other);
    }

    @Override
    public Map<String, Object> toConnect() {
      OffsetMap.Builder map = OffsetMap.builder().put(Keys.PHASE, PHASE);
      registration.write(map);
      return map.build();
    }
  }

  /**
   * The stream was followed and is held, because a snapshot is to be taken. When that is loaded,
   * the stream goes on where it stood.
   *
   * @param sinceMs from when on no change was handed to Connect, epoch ms
   */
  record Held(Registration registration, long sinceMs) implements TableOffset {
    static final String PHASE = "STREAM_HELD";

    @Override
    public @Nullable Export export() {
      return null;
    }

    @Override
    public TableOffset with(Registration other) {
      return new Held(other, sinceMs);
    }

    @Override
    public Map<String, Object> toConnect() {
      OffsetMap.Builder map =
          OffsetMap.builder().put(Keys.PHASE, PHASE).put(Keys.HELD_SINCE, sinceMs);
      registration.write(map);
      return map.build();
    }
  }

  /** An export runs, has failed, or is being loaded. */
  record ExportSubmitted(Registration registration, Export export) implements TableOffset {
    static final String PHASE = "EXPORT_SUBMITTED";

    @Override
    public TableOffset with(Registration other) {
      return new ExportSubmitted(other, export);
    }

    @Override
    public Map<String, Object> toConnect() {
      return TableOffset.toConnect(PHASE, registration, export);
    }
  }

  /** Every item of the export is in Kafka. */
  record ExportLoaded(Registration registration, Export export) implements TableOffset {
    static final String PHASE = "EXPORT_LOADED";

    @Override
    public TableOffset with(Registration other) {
      return new ExportLoaded(other, export);
    }

    @Override
    public Map<String, Object> toConnect() {
      return TableOffset.toConnect(PHASE, registration, export);
    }
  }

  private static Map<String, Object> toConnect(
      String phase, Registration registration, Export export) {
    OffsetMap.Builder map = OffsetMap.builder().put(Keys.PHASE, phase);
    registration.write(map);
    export.write(map);
    return map.build();
  }

  static TableOffset read(OffsetMap.Reader reader) {
    String phase = reader.string(Keys.PHASE);
    Registration registration = Registration.read(reader);
    return switch (phase) {
      case Registered.PHASE -> new Registered(registration);
      case Held.PHASE -> new Held(registration, reader.number(Keys.HELD_SINCE));
      case ExportSubmitted.PHASE -> new ExportSubmitted(registration, Export.read(reader));
      case ExportLoaded.PHASE -> new ExportLoaded(registration, Export.read(reader));
      default ->
          throw reader.wrongType(
              Keys.PHASE, phase, "REGISTERED, STREAM_HELD, EXPORT_SUBMITTED or EXPORT_LOADED");
    };
  }

  /** The keys of a table's offset map. */
  final class Keys {
    static final String PHASE = "phase";
    static final String TABLE_ID = "tableId";
    static final String TABLE_ARN = "tableArn";
    static final String STREAM_ARN = "streamArn";
    static final String PARTITION_KEY = "partitionKey";
    static final String SORT_KEY = "sortKey";
    static final String START_POSITION = "startPosition";
    static final String START_TIME = "startTime";
    static final String FOLLOWED = "followed";
    static final String STREAM_SINCE = "streamSince";
    static final String VERSION_FLOOR = "versionFloor";
    static final String HELD_SINCE = "heldSince";
    static final String EXPORT_ARN = "exportArn";
    static final String EXPORT_TIME = "exportTime";
    static final String SNAPSHOT_ID = "snapshotId";
    static final String EXPORT_ATTEMPT = "exportAttempt";

    private Keys() {}
  }
}
