package io.github.dynamokc.offset;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a table stands, as committed.
 *
 * <pre>
 *   (no offset) ──> Registered ──> ExportSubmitted ──> ExportLoaded
 *                        │            │      ^ │
 *                        │            └──────┘ │   a failed export is submitted again
 *                        └─> STREAM            └─> LOAD, then STREAM
 * </pre>
 */
public sealed interface TableOffset extends SourceOffset {
  Registration registration();

  /** The export of the snapshot, null before there is one. */
  @Nullable Export export();

  /** The same phase with another registration. */
  TableOffset with(Registration other);

  /**
   * What was true of the table when the connector first met it.
   *
   * @param tableId DynamoDB's id of this incarnation of the table
   * @param tableArn its ARN
   * @param streamArn the ARN of the stream to follow, null if it had none (a snapshot only)
   * @param partitionKey name of the partition key attribute
   * @param sortKey name of the sort key attribute, null without one
   * @param start which changes are wanted if no snapshot says it
   * @param streamSince when the connector went over to this stream because the one before it had
   *     ended, epoch ms: all of this stream is wanted. Null for the table's first stream
   */
  record Registration(
      String tableId,
      String tableArn,
      @Nullable String streamArn,
      String partitionKey,
      @Nullable String sortKey,
      Start start,
      @Nullable Long streamSince) {

    /** The same table with another stream, all of which is wanted. */
    public Registration goneOverTo(String newStreamArn, long nowMs) {
      return new Registration(tableId, tableArn, newStreamArn, partitionKey, sortKey, start, nowMs);
    }

    private void write(FactMap.Builder map) {
      map.put(Keys.TABLE_ID, tableId)
          .put(Keys.TABLE_ARN, tableArn)
          .putIfPresent(Keys.STREAM_ARN, streamArn)
          .put(Keys.PARTITION_KEY, partitionKey)
          .putIfPresent(Keys.SORT_KEY, sortKey)
          .put(Keys.START_POSITION, start.fromTrimHorizon() ? "TRIM_HORIZON" : "LATEST")
          .put(Keys.START_TIME, start.timeMs());
      if (streamSince != null) {
        map.put(Keys.STREAM_SINCE, streamSince);
      }
    }

    private static Registration read(FactMap.Reader reader) {
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
          new Start(fromTrimHorizon, reader.number(Keys.START_TIME)),
          reader.optionalNumber(Keys.STREAM_SINCE));
    }
  }

  /**
   * Where the stream starts, resolved once: LATEST means from {@code timeMs} on, for ever.
   *
   * @param fromTrimHorizon whether everything that the stream still holds is wanted
   * @param timeMs when the table was registered less {@code stream.start.slack.ms}, epoch ms
   */
  record Start(boolean fromTrimHorizon, long timeMs) {}

  /**
   * A point-in-time export.
   *
   * @param timeMs the point in time, epoch ms
   * @param attempt 1 for the first export of a snapshot, counted up when one failed
   */
  record Export(String arn, long timeMs, long attempt) {
    private void write(FactMap.Builder map) {
      map.put(Keys.EXPORT_ARN, arn).put(Keys.EXPORT_TIME, timeMs).put(Keys.EXPORT_ATTEMPT, attempt);
    }

    private static Export read(FactMap.Reader reader) {
      return new Export(
          reader.string(Keys.EXPORT_ARN),
          reader.number(Keys.EXPORT_TIME),
          reader.number(Keys.EXPORT_ATTEMPT));
    }
  }

  /** The table is known; nothing of it is in Kafka. */
  record Registered(Registration registration) implements TableOffset {
    static final String PHASE = "REGISTERED";

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
      FactMap.Builder map = FactMap.builder().put(Keys.PHASE, PHASE);
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
    FactMap.Builder map = FactMap.builder().put(Keys.PHASE, phase);
    registration.write(map);
    export.write(map);
    return map.build();
  }

  static TableOffset read(FactMap.Reader reader) {
    String phase = reader.string(Keys.PHASE);
    Registration registration = Registration.read(reader);
    return switch (phase) {
      case Registered.PHASE -> new Registered(registration);
      case ExportSubmitted.PHASE -> new ExportSubmitted(registration, Export.read(reader));
      case ExportLoaded.PHASE -> new ExportLoaded(registration, Export.read(reader));
      default ->
          throw reader.wrongType(
              Keys.PHASE, phase, "REGISTERED, EXPORT_SUBMITTED or EXPORT_LOADED");
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
    static final String STREAM_SINCE = "streamSince";
    static final String EXPORT_ARN = "exportArn";
    static final String EXPORT_TIME = "exportTime";
    static final String EXPORT_ATTEMPT = "exportAttempt";

    private Keys() {}
  }
}
