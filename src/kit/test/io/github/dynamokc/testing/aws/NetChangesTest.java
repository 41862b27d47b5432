package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NetChangesTest {
  private static final int HISTORIES = 2000;

  private final List<ItemWrite> writes = new ArrayList<>();

  @Test
  void theLastStateIsGivenWithTheOneBeforeTheWindow() {
    write(1, "a", "1");
    write(10, "a", "2");
    write(11, "a", "3");
    write(20, "a", "4");

    assertThat(between(10, 20)).containsExactly(Map.entry("a", "1>3@11"));
  }

  @Test
  void theWindowHasItsBeginningAndNotItsEnd() {
    write(9, "before", "1");
    write(10, "first", "1");
    write(19, "last", "1");
    write(20, "behind", "1");

    assertThat(between(10, 20).keySet()).containsExactly("first", "last");
  }

  @Test
  void insertsHaveNothingBeforeAndDeletionsNothingAfter() {
    write(1, "deleted", "1");
    write(10, "inserted", "1");
    write(11, "deleted", null);

    assertThat(between(10, 20))
        .containsEntry("inserted", "null>1@10")
        .containsEntry("deleted", "1>null@11");
  }

  @Test
  void whatComesAndGoesWithinTheWindowIsNotThere() {
    write(10, "ghost", "1");
    write(11, "ghost", null);
    write(12, "twice", "1");
    write(13, "twice", null);
    write(14, "twice", "2");

    assertThat(between(10, 20)).containsExactly(Map.entry("twice", "null>2@14"));
  }

  @Test
  void whatIsChangedBackIsThere() {
    write(1, "modified", "1");
    write(1, "replaced", "1");
    write(10, "modified", "2");
    write(11, "modified", "1");
    write(12, "replaced", null);
    write(13, "replaced", "1");

    assertThat(between(10, 20))
        .containsEntry("modified", "1>1@11")
        .containsEntry("replaced", "1>1@13");
  }

  @Test
  void anItemWithoutAHistoryWasAsItsFirstChangeSays() {
    writes.add(new ItemWrite(10, key("old"), null, "\"1\""));
    writes.add(new ItemWrite(11, "{\"sk\":{\"N\":\"1\"},\"pk\":{\"S\":\"x\"}}", "\"1\"", null));
    writes.add(new ItemWrite(12, "{\"pk\":{\"S\":\"x\"},\"sk\":{\"N\":\"1\"}}", "\"2\"", "\"1\""));

    assertThat(NetChanges.between(writes, 10, 20))
        .extracting(NetChanges.Change::before, NetChanges.Change::after)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("\"1\"", null),
            org.assertj.core.groups.Tuple.tuple(null, "\"2\""));
  }

  /**
   * Of random histories, windows that follow each other lead from the table at the beginning of the
   * first to the table at the end of the last; each has a change of exactly those items that were
   * written to in it and are there at its beginning or at its end.
   */
  @Test
  void windowsInARowLeadFromOneStateToTheOther() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      Random random = new Random(seed);
      writes.clear();
      int end = 1 + random.nextInt(60);
      for (int micros = 0; micros < end; micros++) {
        if (random.nextInt(4) > 0) {
          String value = random.nextInt(3) == 0 ? null : Integer.toString(random.nextInt(3));
          write(micros, "k" + random.nextInt(4), value);
        }
      }
      TreeSet<Integer> bounds = new TreeSet<>();
      for (int i = 0; i < 2 + random.nextInt(4); i++) {
        bounds.add(random.nextInt(end + 2));
      }
      Map<String, String> state = stateAt(bounds.first());
      int from = bounds.first();
      for (int to : bounds.tailSet(from, false)) {
        assertThat(between(from, to)).as("seed " + seed).isEqualTo(expected(from, to));
        for (NetChanges.Change change : NetChanges.between(writes, from, to)) {
          if (change.after() == null) {
            state.remove(name(change.key()));
          } else {
            state.put(name(change.key()), change.after());
          }
        }
        assertThat(state).as("seed " + seed).isEqualTo(stateAt(to));
        from = to;
      }
    }
  }

  /** Another way: from the states of the table before each write, and not from the writes alone. */
  private Map<String, String> expected(int from, int to) {
    Map<String, String> changes = new TreeMap<>();
    for (ItemWrite write : writes) {
      if (write.micros() >= from && write.micros() < to) {
        String key = name(write.key());
        String before = stateAt(from).get(key);
        String after = stateAt(to).get(key);
        if (before == null && after == null) {
          changes.remove(key);
        } else {
          changes.put(key, before + ">" + after + "@" + write.micros());
        }
      }
    }
    return unquoted(changes);
  }

  private Map<String, String> stateAt(int micros) {
    Map<String, String> state = new TreeMap<>();
    for (ItemWrite write : writes) {
      if (write.micros() < micros) {
        if (write.after() == null) {
          state.remove(name(write.key()));
        } else {
          state.put(name(write.key()), write.after());
        }
      }
    }
    return state;
  }

  private Map<String, String> between(long from, long to) {
    Map<String, String> changes = new TreeMap<>();
    for (NetChanges.Change change : NetChanges.between(writes, from, to)) {
      String twice =
          changes.put(
              name(change.key()), change.before() + ">" + change.after() + "@" + change.micros());
      assertThat(twice).as("a second change of " + change.key()).isNull();
    }
    return unquoted(changes);
  }

  private static Map<String, String> unquoted(Map<String, String> changes) {
    changes.replaceAll((key, change) -> change.replace("\"", ""));
    return changes;
  }

  private void write(long micros, String name, @Nullable String value) {
    writes.add(new ItemWrite(micros, key(name), value == null ? null : "\"" + value + "\"", null));
  }

  private static String key(String name) {
    return "{\"pk\":{\"S\":\"" + name + "\"}}";
  }

  private static String name(String key) {
    return NetChanges.parsed(key).path("pk").path("S").asText();
  }
}
