package io.github.dynamokc.record;

/**
 * Document versions: microseconds of the epoch that grow along every lineage, so that a sink with
 * external versioning keeps the newest state of an item whatever the order of arrival.
 */
public final class DocumentVersion {
  /** The version of a lineage that has none yet. */
  public static final long NONE = 0;

  private DocumentVersion() {}

  /**
   * The version of every item of an export: below that of every change that is kept.
   *
   * @param exportedUpToMs changes up to this time are in the export for certain, epoch ms
   */
  public static long ofExport(long exportedUpToMs) {
    return exportedUpToMs * 1000;
  }

  /** What the versions of changes up to a time are not above; epoch ms. */
  public static long lastOf(long createdAtMs) {
    return (Math.floorDiv(createdAtMs, 1000L) + 1) * 1_000_000 - 1;
  }

  /** About when the change of a version was made, epoch ms; not before it. */
  public static long timeMs(long version) {
    return version / 1000;
  }

  /**
   * The version of the next change of a lineage. Changes carry whole seconds and may step back, so
   * the version before counts as well.
   */
  public static long next(long previous, long createdAtMs) {
    return Math.max(Math.floorDiv(createdAtMs, 1000L) * 1_000_000, previous + 1);
  }
}
