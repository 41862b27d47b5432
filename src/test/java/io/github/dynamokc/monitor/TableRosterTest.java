package io.github.dynamokc.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.TableSelection;
import io.github.dynamokc.testing.OrdersWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tables are followed, of those that the config names and those that are found. */
class TableRosterTest {
  private static final long INTERVAL = 60_000;

  private final OrdersWorld world =
      new OrdersWorld().set("tables.include", "t-.*").set("topic.format", "${table}");

  private TableRoster roster(String... followedBefore) {
    return new TableRoster(selection(), List.of(followedBefore));
  }

  private TableSelection selection() {
    return world.connector().selection();
  }

  @Test
  void whatIsFoundIsFollowedOnce() {
    TableRoster roster = roster();

    assertThat(roster.update(Set.of("t-2", "t-1", "orders"), 0).appeared())
        .as("named tables are followed anyhow")
        .containsExactly("t-1", "t-2");
    assertThat(roster.update(Set.of("t-1", "t-2", "t-3"), 1).appeared()).containsExactly("t-3");
    assertThat(roster.discovered()).containsExactly("t-1", "t-2", "t-3");
  }

  /** One answer that lacks a table proves nothing. */
  @Test
  void aTableIsMissingOnlyAfterSeveralLooks() {
    TableRoster roster = roster();
    roster.update(Set.of("t-1"), 0);
    assertThat(roster.update(Set.of(), INTERVAL).missing()).isEmpty();
    assertThat(roster.update(Set.of("t-1"), 2 * INTERVAL).missing()).isEmpty();
    for (int look = 3; look < 6; look++) {
      assertThat(roster.update(Set.of(), look * INTERVAL).missing()).isEmpty();
    }

    assertThat(roster.update(Set.of(), 6 * INTERVAL).missing()).containsExactly("t-1");
    assertThat(roster.discovered()).as("it is followed until it is left").containsExactly("t-1");
  }

  @Test
  void aTableThatWasFollowedIsFollowedAlthoughItIsNotFound() {
    TableRoster roster = roster("t-1", "other", "orders");

    assertThat(roster.discovered()).containsExactly("t-1");
    assertThat(roster.update(Set.of("t-1"), 0).appeared()).isEmpty();
  }

  @Test
  void aTableThatWasLeftMayComeAgain() {
    TableRoster roster = roster("t-1");
    roster.left("t-1");

    assertThat(roster.discovered()).isEmpty();
    assertThat(roster.update(Set.of("t-1"), 0).appeared()).containsExactly("t-1");
  }

  @Test
  void noneOfTheNewOnesIsTakenIfThereAreTooMany() {
    world.set("tables.max", "3");
    TableRoster roster = roster();
    roster.update(Set.of("t-1", "t-2"), 0);

    assertThat(roster.update(Set.of("t-1", "t-2", "t-3", "t-4"), 1).appeared()).isEmpty();
    assertThat(roster.notTaken()).isEqualTo(2);
    assertThat(roster.discovered()).containsExactly("t-1", "t-2");
    assertThat(roster.update(Set.of("t-1", "t-2", "t-3"), 2).appeared()).containsExactly("t-3");
    assertThat(roster.notTaken()).isZero();
  }

  @Test
  void aConfigThatNamesItsTablesFollowsNoOthers() {
    world.set("tables.include", null);

    assertThat(roster("t-1").discovered()).isEmpty();
  }

  /** Whatever answers lack, and however often: no table that is there is missing or taken twice. */
  @Test
  void answersThatLackTablesLoseNone() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Set<String> all =
          IntStream.range(0, 8)
              .mapToObj(i -> "t-" + i)
              .collect(Collectors.toCollection(TreeSet::new));
      TableRoster roster = roster();
      List<String> appeared = new ArrayList<>();
      for (int look = 0; look < 60; look++) {
        boolean lacks = look % 3 != 0;
        Set<String> answer =
            all.stream()
                .filter(table -> !lacks || random.nextBoolean())
                .collect(Collectors.toSet());
        TableRoster.Change change = roster.update(answer, look * INTERVAL);
        appeared.addAll(change.appeared());
        assertThat(change.missing()).as("seed %d, look %d", seed, look).isEmpty();
      }
      assertThat(appeared).containsExactlyInAnyOrderElementsOf(all);
    }
  }
}
