package io.github.dynamokc.task;

import static io.github.dynamokc.testing.OrdersWorld.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.lineage.AssignedShard;
import io.github.dynamokc.offset.ExportWindow;
import io.github.dynamokc.offset.Registration;
import io.github.dynamokc.offset.Repair;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.plan.TableWork;
import io.github.dynamokc.stream.SchedulerSteps;
import io.github.dynamokc.testing.OrdersWorld;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a task commits before it reads a stream, and from where on it reads. */
class StreamWorkTest {
  private static final String SHARD = "shard-1";

  /** Ahead of the time, as the versions of many changes within a second are. */
  private static final long ENDED_VERSION =
      OrdersWorld.NOW.plusSeconds(60).toEpochMilli() * 1000 + 16;

  private final OrdersWorld world = new OrdersWorld();
  private @Nullable OrdersTask task;

  @AfterEach
  void close() {
    if (task != null) {
      task.close();
    }
  }

  @Test
  void aStreamIsReadFromItsAssignedShards() throws InterruptedException {
    world.stream.addShard(SHARD, null);
    world.stream.append(SHARD, change("1"));
    world.commit(world.followed());
    OrdersTask started = begin(read(world.stream, false, null));
    assertThat(started.put()).as("nothing to announce").isEmpty();
    started.readStreams();

    assertThat(started.next())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.topic()).isEqualTo(TABLE);
              assertThat(record.key()).isEqualTo("{\"PK\":\"p\",\"SK\":1}");
            });
  }

  @Test
  void onlyTheAnnouncingTaskCommitsThatTheExportIsLoaded() throws InterruptedException {
    world.stream.addShard(SHARD, null);
    world.commit(world.submitted(1));
    assertThat(begin(read(world.stream, false, null)).put()).isEmpty();

    assertThat(begin(read(world.stream, true, null)).put())
        .extracting(OrdersTask::type)
        .containsExactly("EXPORT_LOADED");
  }

  @Test
  void aTaskThatIsRestartedDoesNotCommitAgainThatTheExportIsLoaded() throws InterruptedException {
    world.stream.addShard(SHARD, null);
    world.commit(world.submitted(1));
    OrdersTask first = begin(read(world.stream, true, null));
    first.commit(first.put());
    assertThat(world.committed()).isEqualTo(world.loaded());

    assertThat(begin(read(world.stream, true, null)).put()).isEmpty();
  }

  static List<TableOffset> whereTheStreamIsHeld() {
    OrdersWorld world = new OrdersWorld();
    Registration table = world.loaded().registration();
    TableOffset.GapFound found = world.loaded().gapFound(table, 5, List.of(), false);
    ExportWindow window = new ExportWindow(0, 3_600_000);
    Repair repair = new Repair(4, List.of(Repair.WindowExport.of(window)), null);
    Repaired repaired = new Repaired(7, 6);
    return List.of(found, found.repairing(repair), world.loaded().with(table.repaired(repaired)));
  }

  /** What a plan from before the gap reads would come twice, or before what was lost. */
  @ParameterizedTest
  @MethodSource("whereTheStreamIsHeld")
  void aPlanFromBeforeARepairReadsNothing(TableOffset offset) throws InterruptedException {
    world.set("stream.on.data.loss", "repair").commit(offset);
    world.stream.addShard(SHARD, null);
    world.stream.append(SHARD, change("1"));
    OrdersTask started = begin(read(world.stream, true, null));

    assertThat(started.put()).as("nothing is committed either").isEmpty();
    assertThat(new SchedulerSteps(started.scheduler).runIfDue()).isFalse();
    assertThat(world.committed()).isEqualTo(offset);
  }

  @Test
  void aRepairIsCommittedByTheTaskThatReadsBehindIt() throws InterruptedException {
    TableOffset.Repairing repairing = (TableOffset.Repairing) whereTheStreamIsHeld().get(1);
    world.set("stream.on.data.loss", "repair").commit(repairing);
    world.stream.addShard(SHARD, null);
    long upTo = 3_600_000 - Duration.ofMinutes(5).toMillis();
    TableWork.ReadShards read =
        new TableWork.ReadShards(
            TABLE,
            world.stream.arn(),
            List.of(new AssignedShard(SHARD, null, null)),
            List.of(),
            false,
            null,
            null,
            upTo,
            new TableWork.LoadedChanges(3, 1),
            null);

    assertThat(begin(read).put())
        .singleElement()
        .satisfies(
            repaired -> {
              assertThat(OrdersTask.type(repaired)).isEqualTo("GAP_REPAIRED");
              assertThat((String) repaired.value())
                  .contains("\"items\":3", "\"deletions\":1", "\"mayRemain\":\"Items that were");
              assertThat(OrdersTask.tableOffset(repaired))
                  .isEqualTo(
                      world.loaded().with(world.registration().repaired(new Repaired(upTo, 4))));
            });
  }

  @Test
  void onlyTheAnnouncingTaskCommitsThatTheStreamIsReplaced() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    world.commit(world.followed());
    assertThat(begin(read(next, false, replaces(false))).put()).isEmpty();
    List<SourceRecord> put = begin(read(next, false, replaces(true))).put();

    assertThat(put)
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(OrdersTask.type(loss)).isEqualTo("DATA_LOSS");
              assertThat((String) loss.value()).contains(world.stream.arn()).contains(next.arn());
              assertThat(OrdersTask.tableOffset(loss)).isEqualTo(goneOver(world.followed(), next));
            });
  }

  @Test
  void aLoadedExportAndAReplacedStreamAreCommittedTogether() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    world.commit(world.submitted(1));
    List<SourceRecord> put = begin(read(next, true, replaces(true))).put();

    assertThat(put).extracting(OrdersTask::type).containsExactly("EXPORT_LOADED", "DATA_LOSS");
    assertThat(put)
        .extracting(OrdersTask::tableOffset)
        .containsExactly(world.loaded(), goneOver(world.loaded(), next));
  }

  /** Connect starts tasks from their configs as they were, whatever was committed since. */
  @Test
  void aReplacedStreamIsNotAnnouncedAgainFromAnOldPlan() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    TableWork.ReadShards plan = read(next, true, replaces(true));
    world.commit(world.submitted(1));
    OrdersTask first = begin(plan);
    first.commit(first.put());
    TableOffset committed = goneOver(world.loaded(), next);
    assertThat(world.committed()).isEqualTo(committed);
    world.clock.advance(Duration.ofHours(3));

    assertThat(begin(plan).put()).as("neither phase nor time is put back").isEmpty();
  }

  @Test
  void aReplacedStreamThatWasNotCommittedIsAnnouncedAgain() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    TableWork.ReadShards plan = read(next, true, replaces(true));
    world.commit(world.submitted(1));
    List<SourceRecord> lost = begin(plan).put();
    begin(plan).commit(lost.subList(0, 1));

    assertThat(begin(plan).put())
        .extracting(OrdersTask::tableOffset)
        .containsExactly(goneOver(world.loaded(), next));
  }

  /** All of the stream is wanted since the table went over to it, not since the task started. */
  @Test
  void aTaskFromAnOldPlanMissesWhatIsGoneOfTheNextStream() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    next.addShard(SHARD, null);
    TableWork.ReadShards plan = read(next, false, replaces(true));
    world.commit(world.followed());
    OrdersTask first = begin(plan);
    first.commit(first.put());
    world.clock.advance(Duration.ofHours(30));
    OrdersTask restarted = begin(plan);
    restarted.readStreams();

    assertThatThrownBy(restarted::next)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Shard shard-1 of table orders")
        .hasMessageContaining("the stream keeps changes for 24 hours");
  }

  @Test
  void allOfTheNextStreamIsReadAlsoWhatIsOlderThanTheChange() throws InterruptedException {
    ScriptedStream next = world.replaceStream(OrdersWorld.NOW.minusSeconds(7300));
    next.addShard(SHARD, null);
    next.append(SHARD, change("1").at(OrdersWorld.NOW.getEpochSecond() - 7200));
    world.commit(world.followed());
    OrdersTask started = begin(read(next, false, replaces(true)));
    started.put();
    started.readStreams();

    assertThat(started.next()).extracting(SourceRecord::topic).containsExactly(TABLE);
  }

  /** Before the change to it is committed, and from an old plan after it. */
  @Test
  void versionsOfTheNextStreamAreAboveThoseOfTheEndedOne() throws InterruptedException {
    ScriptedStream next = world.replaceStream();
    next.addShard(SHARD, null);
    next.append(SHARD, change("1").at(OrdersWorld.NOW.getEpochSecond()));
    world.commit(world.followed());
    TableWork.ReadShards plan = read(next, false, replaces(true));
    OrdersTask first = begin(plan);
    List<SourceRecord> goneOver = first.put();
    first.readStreams();
    assertThat(version(first.next())).isEqualTo(ENDED_VERSION + 1);
    first.commit(goneOver);
    OrdersTask restarted = begin(plan);
    restarted.readStreams();

    assertThat(version(restarted.next())).isEqualTo(ENDED_VERSION + 1);
  }

  /** What counts is since when changes are needed, not when the table goes over to the stream. */
  @Test
  void aNextStreamThatIsGoneOverToADayLateIsALoss() throws InterruptedException {
    ScriptedStream next = world.replaceStream(OrdersWorld.NOW.minus(Duration.ofHours(25)));
    next.addShard(SHARD, null);
    world.commit(world.followed());
    OrdersTask started = begin(read(next, false, replaces(true)));
    started.put();
    started.readStreams();

    assertThatThrownBy(started::next)
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Shard shard-1 of table orders")
        .hasMessageContaining("the stream keeps changes for 24 hours");
  }

  @Test
  void aSnapshotSinceTheNextStreamMovesWhatIsNeededOfIt() throws InterruptedException {
    ScriptedStream next = world.replaceStream(OrdersWorld.NOW.minus(Duration.ofHours(25)));
    next.addShard(SHARD, null);
    next.append(SHARD, change("1").at(OrdersWorld.NOW.getEpochSecond()));
    world.commit(
        new TableOffset.ExportLoaded(world.followed().registration(), OrdersWorld.export(1)));
    OrdersTask started = begin(read(next, false, replaces(true)));
    started.put();
    started.readStreams();
    assertThat(started.next()).extracting(SourceRecord::topic).containsExactly(TABLE);
    world.clock.advance(Duration.ofHours(25));
    OrdersTask late = begin(read(next, false, replaces(true)));
    late.put();
    late.readStreams();

    assertThatThrownBy(late::next).hasMessageContaining("the stream keeps changes for 24 hours");
  }

  @Test
  void anOffsetThatIsGoneFailsByName() {
    for (boolean announces : new boolean[] {false, true}) {
      assertThatThrownBy(() -> begin(read(world.stream, announces, null)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("Table orders has no offset although its work was planned");
    }
  }

  private OrdersTask begin(TableWork.ReadShards work) throws InterruptedException {
    close();
    OrdersTask started = new OrdersTask(world);
    task = started;
    started.streams.begin(work);
    return started;
  }

  private TableWork.ReadShards read(
      ScriptedStream stream, boolean announceLoaded, TableWork.@Nullable Replacement replaces) {
    return new TableWork.ReadShards(
        TABLE,
        stream.arn(),
        List.of(new AssignedShard(SHARD, null, null)),
        List.of(),
        announceLoaded,
        replaces,
        null);
  }

  private TableWork.Replacement replaces(boolean announce) {
    return new TableWork.Replacement(world.stream.arn(), announce, ENDED_VERSION, 5);
  }

  private static TableOffset goneOver(TableOffset offset, ScriptedStream next) {
    return offset.with(
        offset
            .registration()
            .goneOverTo(next.arn(), OrdersWorld.NOW.toEpochMilli(), ENDED_VERSION));
  }

  private static long version(List<SourceRecord> records) {
    return Long.parseLong(
        String.valueOf(records.get(0).headers().lastWithName("document_version").value()));
  }

  private static ScriptedChange change(String sortKey) {
    String keys = "{\"PK\":{\"S\":\"p\"},\"SK\":{\"N\":\"" + sortKey + "\"}}";
    return ScriptedChange.insert(keys, keys);
  }
}
