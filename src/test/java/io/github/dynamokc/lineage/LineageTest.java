package io.github.dynamokc.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.offset.ShardOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A root 001 whose lineage is 001 to 002 and 003, and 003 to 004, unless a test says otherwise. */
class LineageTest {
  private static final String GIVEN = "001";

  @Test
  void anUnsettledShardStandsAtItself() {
    ObservedShard root = shard("001", null, null);
    Lineage.Standing standing = new Lineage(List.of(root)).standingOf(GIVEN);

    assertThat(standing.unsettled()).containsExactly(root);
    assertThat(standing.settledWithOffset()).isEmpty();
  }

  @Test
  void anUnknownShardStandsNowhere() {
    Lineage.Standing standing = new Lineage(List.of(shard("009", null, null))).standingOf(GIVEN);

    assertThat(standing.unsettled()).isEmpty();
    assertThat(standing.settledWithOffset()).isEmpty();
  }

  @Test
  void aSettledShardStandsAtTheShardsBelowIt() {
    ObservedShard root = shard("001", null, finished(5, GIVEN));
    ObservedShard left = shard("002", "001", started(5, GIVEN));
    ObservedShard right = shard("003", "001", finished(7, GIVEN));
    ObservedShard below = shard("004", "003", null);
    Lineage.Standing standing = new Lineage(List.of(below, right, left, root)).standingOf(GIVEN);

    assertThat(standing.unsettled()).containsExactly(left, below);
    assertThat(standing.settledWithOffset()).containsExactly(root, right);
  }

  @Test
  void offsetsNameTheLineageOfAShardThatIsNotListed() {
    ObservedShard left = shard("002", "001", started(5, GIVEN));
    ObservedShard right = shard("003", "001", finished(7, GIVEN));
    ObservedShard below = shard("004", "003", started(7, GIVEN));
    ObservedShard other = shard("005", null, started(1, "000"));
    Lineage.Standing standing = new Lineage(List.of(left, right, below, other)).standingOf(GIVEN);

    assertThat(standing.unsettled()).containsExactly(left, below);
    assertThat(standing.settledWithOffset()).containsExactly(right);
  }

  @Test
  void membersBelowAMemberAreNotASecondPlaceToStand() {
    ObservedShard middle = shard("003", "001", read("9", 7, GIVEN));
    ObservedShard between = shard("004", "003", null);
    ObservedShard below = shard("005", "004", started(7, GIVEN));
    Lineage.Standing standing = new Lineage(List.of(middle, between, below)).standingOf(GIVEN);

    assertThat(standing.unsettled()).containsExactly(below);
    assertThat(standing.settledWithOffset()).containsExactly(middle);
  }

  @Test
  void aForgottenShardWithoutChildrenGivesWayToItsMembers() {
    ObservedShard forgotten = shard("001", null, finished(5, GIVEN));
    ObservedShard below = shard("004", "003", started(7, GIVEN));
    Lineage.Standing standing = new Lineage(List.of(below), List.of(forgotten)).standingOf(GIVEN);

    assertThat(standing.unsettled()).containsExactly(below);
    assertThat(standing.settledWithOffset()).containsExactly(forgotten);
  }

  @Test
  void aForgottenShardWithoutMembersStandsAtItself() {
    ObservedShard forgotten = shard("001", null, finished(5, GIVEN));
    Lineage.Standing standing =
        new Lineage(List.of(shard("009", null, null)), List.of(forgotten)).standingOf(GIVEN);

    assertThat(standing.unsettled()).containsExactly(forgotten);
  }

  @Test
  void onlySettledShardsWithOffsetsAreToBeRetired() {
    ObservedShard settled = shard("001", null, finished(5, GIVEN));
    ObservedShard retired = shard("002", "001", null);
    ObservedShard open = shard("003", "002", started(5, GIVEN));
    Lineage lineage = new Lineage(List.of(settled, retired, open));

    assertThat(lineage.settledWithOffset(List.of("001", "002", "003", "404")))
        .containsExactly(settled);
    assertThat(lineage.leftOver()).containsExactly(settled);
    assertThat(lineage.frontier()).containsExactly(open);
  }

  @Test
  void nearestOffsetsBelowAShardAreThoseOfChildrenOrTheirs() {
    ShardOffset near = started(5, GIVEN);
    ShardOffset far = read("9", 7, GIVEN);
    Lineage lineage =
        new Lineage(
            List.of(
                shard("001", null, null),
                shard("002", "001", near),
                shard("003", "001", null),
                shard("004", "003", far),
                shard("005", "002", read("11", 8, GIVEN))));

    assertThat(lineage.offsetsBelow("001")).containsExactlyInAnyOrder(near, far);
    assertThat(lineage.offsetsBelow("004")).isEmpty();
  }

  @Test
  void aChildInheritsOnlyFromAFinishedParent() {
    ObservedShard child = shard("002", "001", null);
    ObservedShard orphan = shard("003", "404", null);

    assertThat(
            new Lineage(List.of(shard("001", null, finished(5, GIVEN)), child)).inheritance(child))
        .isEqualTo(new Inheritance(5, 50));
    assertThat(
            new Lineage(List.of(shard("001", null, read("9", 5, GIVEN)), child)).inheritance(child))
        .isNull();
    assertThat(new Lineage(List.of(orphan)).inheritance(orphan)).isNull();
  }

  @Test
  void aShardWithoutItsOwnOffsetIsReadIfADescendantHasOne() {
    ObservedShard root = shard("001", null, null);
    ObservedShard between = shard("002", "001", null);
    ObservedShard below = shard("003", "002", started(5, GIVEN));
    Lineage lineage = new Lineage(List.of(root, between, below));

    assertThat(lineage.isRead(root)).isTrue();
    assertThat(lineage.isRead(between)).isTrue();
    assertThat(lineage.isRead(below)).isFalse();
    assertThat(lineage.isSettled(root)).isTrue();
    assertThat(lineage.childrenGoOnWithout("001")).isTrue();
    assertThat(lineage.listing()).containsExactly(root, between, below);
  }

  /** What is above it would be read again otherwise. */
  @Test
  void aShardThatIsHeldBackIsNoWorkButWhatIsAboveItGoesOnInIt() {
    ObservedShard above = shard("001", null, finished(5, GIVEN));
    ObservedShard unclear = shard("002", "001", null);
    Lineage lineage = new Lineage(List.of(above, unclear), List.of(), Set.of("002"));

    assertThat(lineage.isSettled(above)).isTrue();
    assertThat(lineage.frontier()).isEmpty();
    assertThat(lineage.allReachedFrom(Set.of())).isTrue();
    assertThat(lineage.heldBack()).containsExactly("002");
  }

  /** Its end was retired, which needs all of its children to go on. */
  @Test
  void whatIsAboveAShardThatIsHeldBackNeedsNoOffset() {
    ObservedShard above = shard("001", null, null);
    ObservedShard open = shard("002", "001", started(5, GIVEN));
    ObservedShard unclear = shard("003", "001", null);
    List<ObservedShard> listing = List.of(above, open, unclear);

    assertThat(new Lineage(listing).frontier()).containsExactly(above);
    assertThat(new Lineage(listing, List.of(), Set.of("003")).frontier()).containsExactly(open);
  }

  private static ObservedShard shard(
      String id, @Nullable String parent, @Nullable ShardOffset offset) {
    return new ObservedShard(id, parent, null, offset, false);
  }

  private static ShardOffset started(long version, String lineage) {
    return new ShardOffset.Started(version, version * 10, lineage);
  }

  private static ShardOffset read(String sequence, long version, String lineage) {
    return new ShardOffset.Read(sequence, version, 1, lineage);
  }

  private static ShardOffset finished(long version, String lineage) {
    return new ShardOffset.Finished("1", version, version * 10, version * 10, lineage);
  }
}
