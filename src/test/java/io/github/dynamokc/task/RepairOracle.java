package io.github.dynamokc.task;

import io.github.dynamokc.delivery.TrackedRecord;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.offset.TableOffset;
import io.github.dynamokc.repair.RepairWindows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * What must be true when a table is followed again, whatever happened: a store that takes each
 * record as it comes, and one that keeps the highest version of an item, are like the table, but
 * for items that may remain as it is said; nothing is told to be lost; no export is paid twice.
 */
final class RepairOracle {
  private static final Pattern TYPE = Pattern.compile("\"type\":\"(\\w+)\"");
  private static final Pattern SPAN =
      Pattern.compile("created between (\\S+) and (\\S+) and deleted");
  private static final Pattern KEY = Pattern.compile("\"pk\":\"(\\w+)\"");
  private static final Pattern VALUE = Pattern.compile("\"v\":(\\d+)");

  private final String life;
  private final RepairWorld world;
  private final List<Long> positions = new ArrayList<>();
  private final List<Long> uncommitted = new ArrayList<>();

  /** Items that are there by mistake, and may be: how many by what admits them. */
  final Map<String, Integer> admitted = new TreeMap<>();

  /** The last position of a gap, epoch ms, by how many records were in the topic then. */
  private final NavigableMap<Integer, Long> lastPositions = new TreeMap<>();

  /** So many records of the topic are from before a gap in which some lineages lost nothing. */
  private int wholly = Integer.MAX_VALUE;

  /** The windows that are to be exported, as it is committed. */
  private List<String> planned = List.of();

  /** How many records were looked at to see that none comes after what is newer. */
  int ordered;

  private record Kept(long version, @Nullable Long value) {}

  RepairOracle(String life, RepairWorld world) {
    this.life = life;
    this.world = world;
    world.taken = this::taken;
    world.uncommitted = this::uncommitted;
    world.tableCommitted = this::committed;
    world.dynamoDb.onBill = this::billed;
  }

  private void committed(TableOffset offset) {
    planned =
        offset instanceof TableOffset.Repairing repairing
            ? repairing.repair().windows().stream().map(w -> w.window().toString()).toList()
            : List.of();
  }

  /** Whoever pays for what is not committed may pay for something else after a crash. */
  private void billed(String window) {
    if (!planned.contains(window)) {
      throw new AssertionError(life + ": paid for " + window + ", planned are " + planned);
    }
  }

  private void taken(TrackedRecord record) {
    if (record.topic().equals(world.config.statusTopic())
        && type(String.valueOf(record.value())).equals("REPAIR_PLANNED")) {
      positions.addAll(world.positions());
      TableOffset.Repairing repairing = (TableOffset.Repairing) RepairWorld.offset(record);
      long lostUpTo = repairing.repair().lostUpToMs();
      lastPositions.put(world.topic.size(), Collections.max(world.positions()));
      if (world.positions().stream().anyMatch(position -> position > lostUpTo)) {
        wholly = Math.min(wholly, world.topic.size());
      }
    }
  }

  private void uncommitted(ShardOffset read) {
    uncommitted.add(read.readUpTo());
  }

  static String type(String status) {
    Matcher type = TYPE.matcher(status);
    return type.find() ? type.group(1) : "";
  }

  /** How many status records of a type there are. */
  long count(String type) {
    return world.status.stream().filter(status -> type(status).equals(type)).count();
  }

  void check() {
    if (count("DATA_LOSS") > 0) {
      throw new AssertionError(life + ": DATA_LOSS " + world.status);
    }
    checkBills();
    checkStores();
    if (world.exactlyOnce) {
      checkOnce();
      checkOrder();
    }
  }

  /**
   * Where all lineages had lost something, no change that is read comes after what is newer, and no
   * line of a window that reaches well behind the last position.
   */
  private void checkOrder() {
    Map<String, Long> versions = new HashMap<>();
    int all = Math.min(wholly, world.topic.size());
    for (int i = 0; i < all; i++) {
      SourceRecord record = world.topic.get(i);
      var before = lastPositions.floorEntry(i);
      long last = before == null ? 0 : before.getValue();
      boolean mayGoBack =
          "file".equals(record.sourcePartition().get("kind")) && version(record) / 1000 < last;
      Long newest = versions.merge(key(record), version(record), Math::max);
      if (newest > version(record) && !mayGoBack) {
        throw new AssertionError(
            "%s: item %s goes back from version %d to %d with %s %s"
                .formatted(
                    life, key(record), newest, version(record), record, record.sourceOffset()));
      }
    }
    ordered += all;
  }

  private void checkBills() {
    world.dynamoDb.bills.forEach(
        (window, times) -> {
          for (int i = 1; i < times.size(); i++) {
            // A client token is known for 8 hours.
            if (times.get(i).isBefore(times.get(i - 1).plus(Duration.ofHours(8)))) {
              throw new AssertionError(life + ": paid twice for " + window + ": " + times);
            }
          }
        });
  }

  private void checkStores() {
    Map<String, Kept> last = new HashMap<>();
    Map<String, Kept> versioned = new HashMap<>();
    for (SourceRecord record : world.topic) {
      Kept next = new Kept(version(record), value(record));
      last.put(key(record), next);
      versioned.merge(
          key(record), next, (kept, now) -> now.version() >= kept.version() ? now : kept);
    }
    for (String key : world.written.keys()) {
      check("in the order of the topic", key, last.get(key));
      check("by document_version", key, versioned.get(key));
    }
  }

  private void check(String store, String key, @Nullable Kept kept) {
    Long truth = world.written.value(key);
    Long value = kept == null ? null : kept.value();
    if (Objects.equals(truth, value)) {
      return;
    }
    if (truth == null && value != null) {
      String admits = admits(world.written.createdMs(key, value));
      if (admits != null) {
        admitted.merge(admits, 1, Integer::sum);
        return;
      }
    }
    throw new AssertionError(
        "%s: %s, item %s is %s, not %s%nwrites %s%nrecords %s%npositions %s%nstatus %s"
            .formatted(
                life,
                store,
                key,
                value,
                truth,
                world.written.writes(key).stream()
                    .map(w -> Instant.ofEpochMilli(w.micros() / 1000) + "=" + w.value())
                    .toList(),
                world.topic.stream()
                    .filter(record -> key(record).equals(key))
                    .map(
                        r ->
                            value(r)
                                + " v"
                                + Instant.ofEpochMilli(version(r) / 1000)
                                + " "
                                + r.sourcePartition().get("kind"))
                    .toList(),
                positions.stream().distinct().map(Instant::ofEpochMilli).toList(),
                told()));
  }

  /** What the status topic tells of the table as a whole. */
  String told() {
    return world.status.stream()
        .filter(status -> !status.contains("\"shard\"") && !status.contains("TASK_SHARDS"))
        .map(status -> "%n%s".formatted(status))
        .collect(Collectors.joining());
  }

  private @Nullable String admits(long createdMs) {
    long near = RepairWindows.AROUND_POSITION.toMillis();
    for (long position : positions) {
      if (Math.abs(createdMs - position) <= near) {
        return "around a position";
      }
    }
    for (String status : world.status) {
      Matcher span = SPAN.matcher(status);
      while (span.find()) {
        long from = Instant.parse(span.group(1)).toEpochMilli();
        long to = Instant.parse(span.group(2)).toEpochMilli();
        if (createdMs >= from - near && createdMs <= to + near) {
          return "in a span that is said";
        }
      }
    }
    for (long read : uncommitted) {
      if (Math.abs(createdMs - read) <= 2000) {
        return "delivered and not committed";
      }
    }
    return null;
  }

  /** Each line of a data file is in the topic once. */
  private void checkOnce() {
    Set<String> lines = new HashSet<>();
    for (SourceRecord record : world.topic) {
      if ("file".equals(record.sourcePartition().get("kind"))) {
        String line = record.sourcePartition() + " " + record.sourceOffset().get("items");
        if (!lines.add(line)) {
          throw new AssertionError(life + ": twice in the topic: " + line);
        }
      }
    }
  }

  private static String key(SourceRecord record) {
    Matcher key = KEY.matcher(String.valueOf(record.key()));
    if (!key.find()) {
      throw new AssertionError("No key in " + record);
    }
    return key.group(1);
  }

  private static @Nullable Long value(SourceRecord record) {
    var event = record.headers().lastWithName("dynamodb_event_name");
    if (record.value() == null || (event != null && "REMOVE".equals(event.value()))) {
      return null;
    }
    Matcher value = VALUE.matcher(String.valueOf(record.value()));
    if (!value.find()) {
      throw new AssertionError("No value in " + record);
    }
    return Long.valueOf(value.group(1));
  }

  private static long version(SourceRecord record) {
    return (Long) record.headers().lastWithName("document_version").value();
  }
}
