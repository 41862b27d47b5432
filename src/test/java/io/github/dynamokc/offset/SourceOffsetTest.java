package io.github.dynamokc.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.offset.StoredOffsetsFixture.Offset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Offsets go to Connect and back unchanged; what does not fit its partition is refused by name. */
class SourceOffsetTest {
  private static final SourcePartition TABLE = new SourcePartition.OfTable("t");
  private static final SourcePartition FILE = new SourcePartition.OfFile("t", "e", "f");
  private static final SourcePartition SHARD = new SourcePartition.OfShard("t", "s", "id");
  private static final SourcePartition COUNTS = new SourcePartition.OfCounts("t", "0");

  @Property
  void anOffsetComesBackAsItWas(@ForAll("offsets") Offset offset) {
    Map<String, Object> map = offset.offset().toConnect();
    Map<String, Object> plain = new HashMap<>(map);
    assertThat(map).as("as any map").isEqualTo(plain).hasSameHashCodeAs(plain);
    assertThat(plain).isEqualTo(map).hasSameSizeAs(map.keySet());
    plain.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
    assertThat(map.containsKey("none")).isFalse();
    assertThat(map.values())
        .allSatisfy(
            value -> assertThat(value).isInstanceOfAny(String.class, Long.class, Boolean.class));
    assertThat(SourceOffset.fromConnect(offset.partition(), map)).isEqualTo(offset.offset());
  }

  /** What cannot be read back stops a connector for ever once it is committed. */
  @Property
  void whatCouldNotBeReadBackIsNotWritten(
      @ForAll @StringLength(max = 2) String id, @ForAll long time, @ForAll long version) {
    List<Offset> offsets =
        List.of(
            new Offset(
                TABLE,
                new TableOffset.ExportLoaded(
                    registration(new Registration.Start(true, time, true)),
                    new TableOffset.Export("export", time, id, 1))),
            new Offset(SHARD, new ShardOffset.Read(id, version, time, null)),
            new Offset(FILE, new FileOffset(version, false)),
            new Offset(COUNTS, CountsOffset.of(Map.of("bytesReceived", time))),
            new Offset(COUNTS, CountsOffset.of(Map.of("bytesReceived", 1L, id, 1L))));
    for (Offset offset : offsets) {
      Map<String, Object> written;
      try {
        written = offset.offset().toConnect();
      } catch (IllegalArgumentException refused) {
        boolean isCounts = offset.offset() instanceof CountsOffset;
        assertThat(isCounts || !id.matches("[0-9]+") || time < 0 || version < 0).isTrue();
        continue;
      }
      assertThat(SourceOffset.fromConnect(offset.partition(), written)).isEqualTo(offset.offset());
    }
  }

  @Property
  void smallNumbersMayComeBackAsIntegers(@ForAll("offsets") Offset offset) {
    Map<String, Object> map = new HashMap<>(offset.offset().toConnect());
    map.replaceAll(
        (key, value) ->
            value instanceof Long number && number <= Integer.MAX_VALUE
                ? Integer.valueOf(number.intValue())
                : value);
    assertThat(SourceOffset.fromConnect(offset.partition(), map)).isEqualTo(offset.offset());
  }

  @Provide
  Arbitrary<Offset> offsets() {
    return StoredOffsetsFixture.any();
  }

  @Test
  void theKeysAreThoseOfTheDesign() {
    assertThat(new FileOffset(5, false).toConnect()).isEqualTo(Map.of("items", 5L));
    assertThat(new FileOffset(5, true).toConnect()).isEqualTo(Map.of("items", 5L, "done", true));
    assertThat(new FileOffset(5, false, 2, "AQ").toConnect())
        .isEqualTo(Map.of("items", 5L, "deletions", 2L, "position", "AQ"));
    assertThat(new ShardOffset.Started(1, 2, null).toConnect())
        .isEqualTo(Map.of("version", 1L, "readUpTo", 2L));
    assertThat(new ShardOffset.Read("9", 1, 2, null).toConnect())
        .isEqualTo(Map.of("sequence", "9", "version", 1L, "readUpTo", 2L));
    assertThat(new ShardOffset.Finished(null, 1, 2, 3, null).toConnect())
        .isEqualTo(Map.of("version", 1L, "readUpTo", 2L, "at", 3L, "done", true));
    assertThat(new ShardOffset.Finished("9", 1, 2, 3, null).toConnect())
        .isEqualTo(Map.of("sequence", "9", "version", 1L, "readUpTo", 2L, "at", 3L, "done", true));
    assertThat(loaded())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("phase", "EXPORT_LOADED"),
                Map.entry("tableId", "id"),
                Map.entry("tableArn", "arn"),
                Map.entry("streamArn", "stream"),
                Map.entry("partitionKey", "PK"),
                Map.entry("sortKey", "SK"),
                Map.entry("startPosition", "TRIM_HORIZON"),
                Map.entry("startTime", 3L),
                Map.entry("exportArn", "export"),
                Map.entry("exportTime", 4L),
                Map.entry("snapshotId", "1"),
                Map.entry("exportAttempt", 1L)));
    assertThat(
            new TableOffset.Held(registration(new Registration.Start(true, 3, true)), 7)
                .toConnect())
        .isEqualTo(
            Map.of(
                "phase", "STREAM_HELD",
                "tableId", "id",
                "tableArn", "arn",
                "streamArn", "stream",
                "partitionKey", "PK",
                "sortKey", "SK",
                "startPosition", "TRIM_HORIZON",
                "startTime", 3L,
                "followed", true,
                "heldSince", 7L));
  }

  /** Connect logs a record with its offset. */
  @Test
  void aLongValueIsNotShown() {
    assertThat(new FileOffset(5, false, 0, "x".repeat(12_000)).toConnect())
        .hasToString("{items=5, position=12000 characters}");
    assertThat(new FileOffset(5, true).toConnect()).hasToString("{items=5, done=true}");
  }

  @Property
  void countsAddUpAndStayReadable(@ForAll("offsets") Offset one, @ForAll("offsets") Offset two) {
    if (one.offset() instanceof CountsOffset a && two.offset() instanceof CountsOffset b) {
      CountsOffset sum = a.plus(b);
      assertThat(SourceOffset.fromConnect(COUNTS, sum.toConnect())).isEqualTo(sum);
      assertThat(sum).isEqualTo(b.plus(a));
      a.counts()
          .forEach(
              (name, count) -> assertThat(sum.counts().get(name)).isGreaterThanOrEqualTo(count));
    }
  }

  @Test
  void aFurtherSnapshotDoesNotMoveTheStartOfAStream() {
    TableOffset.Export export = new TableOffset.Export("export", 1_000, "1", 1);
    Registration.Start start = new Registration.Start(true, 3, false);
    TableOffset.Held held =
        new TableOffset.ExportLoaded(registration(start), export).hold(900, 5_000);

    assertThat(held)
        .isEqualTo(
            new TableOffset.Held(registration(new Registration.Start(false, 900, true)), 5_000));
    assertThat(new TableOffset.ExportLoaded(held.registration(), export).hold(9_900, 10_000))
        .isEqualTo(new TableOffset.Held(held.registration(), 10_000));
    assertThat(new TableOffset.Registered(registration(start)).followed().hold(0, 5_000))
        .isEqualTo(
            new TableOffset.Held(registration(new Registration.Start(true, 3, true)), 5_000));
  }

  @Test
  void aTableThatWentOverToAnotherStreamKeepsItsHighestVersion() {
    Registration.Start start = new Registration.Start(true, 3, true);
    Registration once = registration(start).goneOverTo("stream-2", 5, 70);
    TableOffset offset = new TableOffset.Registered(once.goneOverTo("stream-3", 6, 60));
    assertThat(offset.toConnect()).containsEntry("versionFloor", 70L);
    assertThat(SourceOffset.fromConnect(new SourcePartition.OfTable("t"), offset.toConnect()))
        .isEqualTo(offset);

    assertThat(new TableOffset.Registered(registration(start)).toConnect())
        .as("as it was written before")
        .doesNotContainKey("versionFloor");
  }

  @Test
  void aMarkThatIsFalseIsNoMark() {
    assertThat(SourceOffset.fromConnect(FILE, Map.of("items", 1, "done", false)))
        .isEqualTo(new FileOffset(1, false));
    assertThat(
            SourceOffset.fromConnect(
                SHARD, Map.of("sequence", "1", "version", 2, "readUpTo", 1, "done", false)))
        .isEqualTo(new ShardOffset.Read("1", 2, 1, null));
  }

  @Test
  void offsetsOfTheFirstReleaseAreRead() {
    assertThat(SourceOffset.fromConnect(SHARD, Map.of("version", 7, "at", 9, "lineage", "l")))
        .isEqualTo(new ShardOffset.Started(7, 9, "l"));
    assertThat(SourceOffset.fromConnect(SHARD, Map.of("sequence", "1", "version", 7_000_999L)))
        .isEqualTo(new ShardOffset.Read("1", 7_000_999, 7_000, null));
    assertThat(
            SourceOffset.fromConnect(
                SHARD, Map.of("sequence", "1", "version", 7, "at", 9, "done", true)))
        .isEqualTo(new ShardOffset.Finished("1", 7, 9, 9, null));
  }

  @Test
  void aRepairIsWrittenOnlyIfThereWasOne() {
    Registration never = registration(new Registration.Start(true, 3, true));
    Repaired repaired = new Repaired(70, 60);
    TableOffset.Registered offset = new TableOffset.Registered(never.repaired(repaired));
    assertThat(offset.toConnect())
        .containsEntry("repairedUpTo", 70L)
        .containsEntry("repairedLostUpTo", 60L);
    assertThat(SourceOffset.fromConnect(TABLE, offset.toConnect())).isEqualTo(offset);
    assertThat(new TableOffset.Registered(never).toConnect()).doesNotContainKey("repairedUpTo");
    assertThat(offset.registration().goneOverTo("next", 80, 0).repaired()).isEqualTo(repaired);
    assertThat(offset.followed().registration().repaired()).isEqualTo(repaired);
  }

  private static Registration registration(Registration.Start start) {
    return new Registration("id", "arn", "stream", "PK", "SK", start, null);
  }

  private static Map<String, Object> loaded() {
    return new TableOffset.ExportLoaded(
            registration(new Registration.Start(true, 3, false)),
            new TableOffset.Export("export", 4, "1", 1))
        .toConnect();
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    Map<String, Object> changed = new HashMap<>(map);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    return changed;
  }

  private static Arguments table(String key, Object value, String message) {
    return Arguments.of(TABLE, with(loaded(), key, value), message);
  }

  static Arguments[] malformed() {
    Map<String, Object> finished = new ShardOffset.Finished("9", 1, 2, 2, null).toConnect();
    return new Arguments[] {
      Arguments.of(TABLE, Map.of(), "has no 'phase'"),
      Arguments.of(FILE, Map.of(), "has no 'items'"),
      Arguments.of(SHARD, Map.of(), "has no 'version'"),
      Arguments.of(
          FILE,
          Map.of("items", "5"),
          "'items' must be a whole number of at least 0, found String '5'"),
      Arguments.of(
          FILE,
          Map.of("items", -1L),
          "'items' must be a whole number of at least 0, found Long '-1'"),
      Arguments.of(
          FILE,
          Map.of("items", 1.0),
          "'items' must be a whole number of at least 0, found Double '1.0'"),
      Arguments.of(
          FILE,
          Map.of("items", 1, "done", "true"),
          "'done' must be true or false, found String 'true'"),
      Arguments.of(
          FILE, Map.of("items", 1, "done", 1), "'done' must be true or false, found Integer '1'"),
      Arguments.of(
          FILE,
          Map.of("items", 1, "sequence", "1"),
          "has an unknown key 'sequence'; known here are [deletions, done, items, position]"),
      Arguments.of(
          COUNTS, Map.of("bytesReceived", 1L, "phase", 2L), "has an unknown key 'phase'; known"),
      Arguments.of(
          COUNTS,
          Map.of("bytesReceived", "1"),
          "'bytesReceived' must be a whole number of at least 0, found String '1'"),
      Arguments.of(
          COUNTS,
          Map.of("changeEventsProcessed", -1L),
          "'changeEventsProcessed' must be a whole number of at least 0, found Long '-1'"),
      Arguments.of(SHARD, Map.of("sequence", "1"), "has no 'version'"),
      Arguments.of(SHARD, Map.of("version", 1), "has no 'at'"),
      Arguments.of(SHARD, Map.of("sequence", "1", "version", 1, "done", true), "has no 'at'"),
      Arguments.of(
          SHARD,
          with(finished, "sequence", "49a"),
          "'sequence' must be a sequence number of digits only, found String '49a'"),
      Arguments.of(SHARD, with(finished, "sequence", "-1"), "'sequence' must be a sequence number"),
      Arguments.of(SHARD, with(finished, "sequence", "１２"), "'sequence' must be a sequence number"),
      Arguments.of(SHARD, with(finished, "sequence", ""), "'sequence' must be a non-empty string"),
      Arguments.of(
          SHARD,
          with(finished, "sequence", 9L),
          "'sequence' must be a non-empty string, found Long '9'"),
      Arguments.of(SHARD, with(finished, "items", 9L), "has an unknown key 'items'"),
      Arguments.of(
          SHARD, Map.of("sequence", "1", "version", 1, "at", 1), "has an unknown key 'at'"),
      table(
          "phase",
          "LOADED",
          "'phase' must be REGISTERED, STREAM_HELD, EXPORT_SUBMITTED or EXPORT_LOADED, found String 'LOADED'"),
      table("phase", "REGISTERED", "has an unknown key 'export"),
      table("phase", null, "has no 'phase'"),
      table("tableId", null, "has no 'tableId'"),
      table("tableArn", "", "'tableArn' must be a non-empty string"),
      table("streamArn", 5L, "'streamArn' must be a non-empty string, found Long '5'"),
      table("partitionKey", null, "has no 'partitionKey'"),
      table("sortKey", false, "'sortKey' must be a non-empty string, found Boolean 'false'"),
      table(
          "startPosition",
          "latest",
          "'startPosition' must be TRIM_HORIZON or LATEST, found String 'latest'"),
      table("startTime", "now", "'startTime' must be a whole number"),
      table("snapshotId", null, "has no 'snapshotId'"),
      table("followed", "yes", "'followed' must be true or false, found String 'yes'"),
      table("heldSince", 1L, "has an unknown key 'heldSince'"),
      table("exportArn", null, "has no 'exportArn'"),
      table("exportTime", null, "has no 'exportTime'"),
      table(
          "exportAttempt",
          -1L,
          "'exportAttempt' must be a whole number of at least 0, found Long '-1'"),
      table("items", 1L, "has an unknown key 'items'"),
    };
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void aMapThatIsNoOffsetIsRefusedNamingTheKey(
      SourcePartition partition, Map<String, Object> map, String message) {
    assertThatThrownBy(() -> SourceOffset.fromConnect(partition, map))
        .isInstanceOf(MalformedOffsetException.class)
        .hasMessageStartingWith("The offset {")
        .hasMessageContaining(partition.toString())
        .hasMessageContaining(message);
  }
}
