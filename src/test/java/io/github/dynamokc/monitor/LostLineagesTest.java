package io.github.dynamokc.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.lineage.Lineage;
import io.github.dynamokc.lineage.ObservedShard;
import io.github.dynamokc.offset.Repaired;
import io.github.dynamokc.offset.ShardOffset;
import io.github.dynamokc.stream.Retention;
import io.github.dynamokc.stream.StreamStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each lineage that has lost something is told once, and no other is. */
class LostLineagesTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long NOW = 1_767_225_600_000L;
  private static final long OLD = NOW - Retention.TIME.toMillis() - HOUR;
  private static final long OLDER = OLD - HOUR;
  private static final long RECENT = NOW - HOUR;
  private static final long REGISTERED = NOW - 1000 * HOUR;
  private static final Duration OVERLAP = Duration.ofMinutes(5);
  private static final LostLineages.Delivered DELIVERED =
      new LostLineages.Delivered(REGISTERED, true, OVERLAP);

  private final List<ObservedShard> listing = new ArrayList<>();
  private final List<ObservedShard> forgotten = new ArrayList<>();
  private final List<ShardOffset> leftBehind = new ArrayList<>();
  private StreamStart start = new StreamStart(-1, REGISTERED, -1);

  @Test
  void aShardThatWasReadWithinADayIsNotLost() {
    open("001", null, read(RECENT));
    open("002", null, started(RECENT));

    assertThat(lost()).isEmpty();
    assertThat(all()).containsExactly(RECENT, RECENT);
  }

  @Test
  void anOldPositionIsLost() {
    open("001", null, read(OLD));
    open("002", null, started(OLDER));
    open("003", null, read(RECENT));

    assertThat(lost()).containsExactlyInAnyOrder(OLD, OLDER);
  }

  @Test
  void aShardThatIsNotListedIsLostIfItIsOld() {
    forgotten.add(new ObservedShard("001", null, null, read(OLD), false));
    open("002", "001", null);

    assertThat(lost()).containsExactly(OLD);
  }

  @Test
  void aChildIsLostFromItsParentsEndOn() {
    forgotten.add(new ObservedShard("001", null, null, finished(OLD), false));
    open("002", "001", null);

    assertThat(lost()).containsExactly(OLD);
  }

  @Test
  void aFinishedShardThatIsListedHasLostNothing() {
    closed("001", null, finished(OLD));
    assertThat(lost()).isEmpty();
    open("002", "001", started(RECENT));
    assertThat(lost()).isEmpty();
  }

  @Test
  void aFinishedShardIsLostWithItsChildren() {
    forgotten.add(new ObservedShard("001", null, null, finished(OLD), false));
    open("009", null, read(RECENT));

    assertThat(lost()).containsExactly(OLD);
  }

  @Test
  void offsetsThatAreLeftBehindTellOfRootsWithoutOffset() {
    leftBehind.add(read(OLD));
    leftBehind.add(finished(OLDER));
    open("008", "007", null);
    open("009", "006", null);

    assertThat(lost()).as("not since the registration").containsExactlyInAnyOrder(OLD, OLDER);
  }

  @Test
  void parentsThatAreNotListedTellOfOtherRootsToo() {
    forgotten.add(new ObservedShard("001", null, null, finished(OLD), false));
    open("002", "001", read(RECENT));
    open("009", "006", null);

    assertThat(lost()).containsExactly(OLD);
  }

  @Test
  void aRootOfWhichNothingIsKnownIsLostSinceTheStart() {
    open("009", "008", null);
    assertThat(lost()).containsExactly(REGISTERED);
    start = new StreamStart(-1, RECENT, -1);
    assertThat(lost()).isEmpty();
  }

  @Test
  void whatIsSkippedByHandIsNotLost() {
    closed("001", null, new ShardOffset.Skipped("1", 1, OLD, null, null, null));
    leftBehind.add(new ShardOffset.Skipped("1", 1, OLD, null, OLD, null));

    assertThat(lost()).isEmpty();
    assertThat(all()).containsExactly(REGISTERED);
  }

  @Test
  void aShardThatIsReadIsLostOnlyBelowItself() {
    closed("001", null, read(OLD));
    open("002", "001", read(RECENT));
    open("003", "001", null);
    assertThat(lost()).isEmpty();
    assertThat(all()).containsExactly(RECENT);
  }

  @Test
  void whatIsRepairedIsNotLost() {
    open("001", null, read(OLD));
    open("009", "008", null);
    leftBehind.add(read(OLDER));
    start = new StreamStart(-1, REGISTERED, -1, 0, new Repaired(RECENT, OLD));
    assertThat(lost()).isEmpty();
    start = new StreamStart(-1, REGISTERED, -1, 0, new Repaired(OLD + 7, OLD));
    assertThat(lost()).as("up to the end of the repair").containsOnly(OLD + 7 + OVERLAP.toMillis());
  }

  private List<Long> lost() {
    return LostLineages.readUpToMs(lineage(), leftBehind, start, DELIVERED, NOW);
  }

  private List<Long> all() {
    return LostLineages.allReadUpToMs(lineage(), leftBehind, start, DELIVERED, NOW);
  }

  private Lineage lineage() {
    return new Lineage(listing, forgotten);
  }

  private void open(String id, @Nullable String parent, @Nullable ShardOffset offset) {
    listing.add(new ObservedShard(id, parent, null, offset, false));
  }

  private void closed(String id, @Nullable String parent, @Nullable ShardOffset offset) {
    listing.add(new ObservedShard(id, parent, "99", offset, false));
  }

  private static ShardOffset read(long upToMs) {
    return new ShardOffset.Read("1", 1, upToMs, null);
  }

  private static ShardOffset started(long upToMs) {
    return new ShardOffset.Started(1, upToMs, null);
  }

  private static ShardOffset finished(long upToMs) {
    return new ShardOffset.Finished("1", 1, upToMs, upToMs, null);
  }
}
