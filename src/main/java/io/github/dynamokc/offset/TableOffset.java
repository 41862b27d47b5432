package io.github.dynamokc.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
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
 *
 *   STREAM ──> GapFound ──> Repairing ──> STREAM
 *     changes     │ hold        │           the phase that it was in before, repaired
 *     are lost    └────────> Held           the changes cannot be had any more, and
 *                                           a new snapshot is wanted then
 * </pre>
 *
 * <p>The stream begins once: shortly before the first export, or at the registration if there is
 * none. A later snapshot holds it and lets it go on where it stood. What is read of it then is all
 * that happened since, deletions included, which no snapshot tells.
 *
 * <p>Changes that are lost from the stream are had by incremental exports: the stream is held, the
 * end of the gap is chosen, the windows are loaded one after the other, and the stream goes on
 * shortly before the end.
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
    Registration.Start start = registration().start();
    boolean beganBehindExport = export() != null && !start.followed();
    Registration.Start begun =
        beganBehindExport
            ? new Registration.Start(false, exportedUpToMs, true)
            : start.nowFollowed();
    return new Held(registration().startingAt(begun), nowMs);
  }

  /**
   * Holds the stream for a snapshot that is taken anew, because the one that is loaded does not
   * help any more.
   *
   * @param exportedUpToMs as for {@link #hold}
   */
  default Held holdAgain(long exportedUpToMs, long nowMs) {
    Export loaded = export();
    Held held = hold(exportedUpToMs, nowMs);
    return new Held(held.registration(), nowMs, loaded == null ? 0 : loaded.attempt());
  }

  /**
   * Holds the stream because changes are lost from it, which are to be had otherwise.
   *
   * @param table the registration, which names the stream that is followed now
   * @param ended up to when the lineages of a stream that has ended were read, epoch ms; empty if
   *     the stream is the same
   * @param fromStart as of {@link GapFound}
   */
  default GapFound gapFound(Registration table, long nowMs, List<Long> ended, boolean fromStart) {
    return new GapFound(table, export(), nowMs, ended, fromStart);
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

    private static @Nullable Export readIfAny(OffsetMap.Reader reader) {
      return reader.optionalString(Keys.EXPORT_ARN) == null ? null : read(reader);
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
   * @param attempts how many exports of the same {@code snapshot.id} there were before; 0 unless
   *     the snapshot is taken anew
   */
  record Held(Registration registration, long sinceMs, long attempts) implements TableOffset {
    static final String PHASE = "STREAM_HELD";

    /** Held for the first export of a snapshot. */
    public Held(Registration registration, long sinceMs) {
      this(registration, sinceMs, 0);
    }

    @Override
    public @Nullable Export export() {
      return null;
    }

    @Override
    public TableOffset with(Registration other) {
      return new Held(other, sinceMs, attempts);
    }

    @Override
    public Map<String, Object> toConnect() {
      OffsetMap.Builder map =
          OffsetMap.builder().put(Keys.PHASE, PHASE).put(Keys.HELD_SINCE, sinceMs);
      if (attempts > 0) {
        map.put(Keys.EXPORT_ATTEMPT, attempts);
      }
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

  /** Changes are lost from the stream, and are to be had otherwise. */
  sealed interface InGap extends TableOffset {
    /** From when on no change was handed to Connect, epoch ms. */
    long sinceMs();

    /** The phase before, with the changes still lost. */
    default TableOffset givenUp() {
      Export loaded = export();
      return loaded == null
          ? new Registered(registration())
          : new ExportLoaded(registration(), loaded);
    }
  }

  /**
   * Changes are lost from the stream, which is held since.
   *
   * @param export the snapshot's, which is loaded; null if the stream is followed without one
   * @param sinceMs from when on no change was handed to Connect, epoch ms
   * @param endedReadUpToMs up to when each lineage of a stream was read that has ended, epoch ms;
   *     empty if the table still has the stream that was followed
   * @param fromStart whether there may be lineages that nothing is committed of, so that the gap
   *     begins where the stream did
   */
  record GapFound(
      Registration registration,
      @Nullable Export export,
      long sinceMs,
      List<Long> endedReadUpToMs,
      boolean fromStart)
      implements InGap {
    static final String PHASE = "GAP_FOUND";

    public GapFound {
      endedReadUpToMs = List.copyOf(endedReadUpToMs);
    }

    /** The same when it is known what is to be exported. */
    public Repairing repairing(Repair repair) {
      return new Repairing(registration, export, sinceMs, repair);
    }

    @Override
    public TableOffset with(Registration other) {
      return new GapFound(other, export, sinceMs, endedReadUpToMs, fromStart);
    }

    @Override
    public Map<String, Object> toConnect() {
      OffsetMap.Builder map = gap(PHASE, registration, export, sinceMs);
      if (!endedReadUpToMs.isEmpty()) {
        map.put(Keys.ENDED_READ_UP_TO, joined(endedReadUpToMs));
      }
      if (fromStart) {
        map.put(Keys.FROM_START, true);
      }
      return map.build();
    }
  }

  /**
   * The windows of a gap are exported and loaded, one after the other.
   *
   * @param export as of {@link GapFound}
   * @param sinceMs as of {@link GapFound}
   */
  record Repairing(Registration registration, @Nullable Export export, long sinceMs, Repair repair)
      implements InGap {
    static final String PHASE = "REPAIR";

    /** The same with the export of a window. */
    public Repairing submitted(int window, String exportArn) {
      List<Repair.WindowExport> windows = new ArrayList<>(repair.windows());
      windows.set(window, windows.get(window).submitted(exportArn));
      return new Repairing(
          registration,
          export,
          sinceMs,
          new Repair(repair.lostUpToMs(), windows, repair.mayRemain()));
    }

    /**
     * Every change of the windows is in Kafka.
     *
     * @param overlapMs how long before its end the stream goes on
     */
    public TableOffset repaired(long overlapMs) {
      Registration table =
          registration.repaired(new Repaired(repair.endMs() - overlapMs, repair.lostUpToMs()));
      return export == null ? new Registered(table) : new ExportLoaded(table, export);
    }

    @Override
    public TableOffset with(Registration other) {
      return new Repairing(other, export, sinceMs, repair);
    }

    @Override
    public Map<String, Object> toConnect() {
      return gap(PHASE, registration, export, sinceMs)
          .put(Keys.LOST_UP_TO, repair.lostUpToMs())
          .put(Keys.WINDOWS, Repair.WindowExport.write(repair.windows()))
          .putIfPresent(Keys.MAY_REMAIN, repair.mayRemain())
          .build();
    }
  }

  private static OffsetMap.Builder gap(
      String phase, Registration registration, @Nullable Export export, long sinceMs) {
    OffsetMap.Builder map =
        OffsetMap.builder().put(Keys.PHASE, phase).put(Keys.HELD_SINCE, sinceMs);
    registration.write(map);
    if (export != null) {
      export.write(map);
    }
    return map;
  }

  private static String joined(List<Long> times) {
    return times.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static List<Long> times(OffsetMap.Reader reader) {
    String text = reader.optionalString(Keys.ENDED_READ_UP_TO);
    List<Long> times = new ArrayList<>();
    try {
      for (String time : text == null ? new String[0] : text.split(" ", -1)) {
        times.add(Long.parseLong(time));
      }
    } catch (NumberFormatException e) {
      throw reader.wrongType(Keys.ENDED_READ_UP_TO, String.valueOf(text), "times in epoch ms");
    }
    return times;
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
      case Held.PHASE ->
          new Held(
              registration,
              reader.number(Keys.HELD_SINCE),
              Objects.requireNonNullElse(reader.optionalNumber(Keys.EXPORT_ATTEMPT), 0L));
      case GapFound.PHASE ->
          new GapFound(
              registration,
              Export.readIfAny(reader),
              reader.number(Keys.HELD_SINCE),
              times(reader),
              reader.mark(Keys.FROM_START));
      case Repairing.PHASE ->
          new Repairing(
              registration,
              Export.readIfAny(reader),
              reader.number(Keys.HELD_SINCE),
              new Repair(
                  reader.number(Keys.LOST_UP_TO),
                  Repair.WindowExport.read(reader),
                  reader.optionalString(Keys.MAY_REMAIN)));
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
    static final String REPAIRED_UP_TO = "repairedUpTo";
    static final String REPAIRED_LOST_UP_TO = "repairedLostUpTo";
    static final String ENDED_READ_UP_TO = "endedReadUpTo";
    static final String FROM_START = "fromStart";
    static final String LOST_UP_TO = "lostUpTo";
    static final String WINDOWS = "windows";
    static final String MAY_REMAIN = "mayRemain";

    private Keys() {}
  }
}
