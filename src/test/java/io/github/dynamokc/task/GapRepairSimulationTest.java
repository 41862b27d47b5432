package io.github.dynamokc.task;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Random lives of a table whose connector repairs gaps: away for hours or days, streams replaced,
 * snapshots and windows that take longer than the stream keeps changes, failed exports, tasks that
 * are stuck, crashes at any call. Whatever happens, {@link RepairOracle} must find the topic like
 * the table in the end. A life is its seed, which is printed when it is not. Others are had with
 * {@code -Dsimulation.seed=<number>}.
 */
class GapRepairSimulationTest {
  private static final String SEED = "20261202";

  /** Makes other lives of the same seeds. */
  private static final long OTHERS = Long.getLong("simulation.seed", 0);

  @Property(tries = 60, seed = SEED, shrinking = ShrinkingMode.OFF)
  void topicIsLikeTheTableAfterWhateverGaps(@ForAll long seed) throws Exception {
    new RepairLife(seed + OTHERS).live();
  }

  @Property(tries = 1_000, seed = SEED, shrinking = ShrinkingMode.OFF)
  @Tag("full")
  void topicIsLikeTheTableInManyLives(@ForAll long seed) throws Exception {
    new RepairLife(seed + OTHERS).live();
  }
}
