package io.github.dynamokc.config;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * How a table's stream is read.
 *
 * @param startPosition where the stream starts if there is no snapshot
 * @param startSlack how far before its first start LATEST begins
 * @param viewOnRemove which image of a deleted item becomes the value
 * @param handoverOverlap how far before the export's time the stream begins after a snapshot, and
 *     how long it is held before a further snapshot is taken
 * @param pollInterval the first pause after an empty page of a shard
 * @param pollIdleMax the longest pause between two reads of a shard, at least {@code pollInterval}
 * @param pollThreads threads of one task that read shards, of all its tables
 * @param describeRateMax DescribeStream calls a second of the whole connector
 * @param onDataLoss what to do when unread changes are gone
 * @param shardDiscoveryInterval how often the shards of a stream are listed
 * @param progressInterval how often it is committed that a shard without changes is read
 * @param stallTimeout how long a shard or the listing may fail in a row
 */
public record StreamConfig(
    StartPosition startPosition,
    Duration startSlack,
    RemoveView viewOnRemove,
    Duration handoverOverlap,
    Duration pollInterval,
    Duration pollIdleMax,
    int pollThreads,
    int describeRateMax,
    LossResponse onDataLoss,
    Duration shardDiscoveryInterval,
    Duration progressInterval,
    Duration stallTimeout) {
  public static final String START_POSITION = "stream.start.position";
  public static final String START_SLACK_MS = "stream.start.slack.ms";
  public static final String VIEW_ON_REMOVE = "stream.view.on.remove";
  public static final String HANDOVER_OVERLAP_MS = "stream.handover.overlap.ms";
  public static final String POLL_INTERVAL_MS = "stream.poll.interval.ms";
  public static final String POLL_IDLE_MAX_MS = "stream.poll.idle.max.ms";
  public static final String POLL_THREADS = "stream.poll.threads";
  public static final String DESCRIBE_RATE_MAX = "stream.describe.rate.max";
  public static final String ON_DATA_LOSS = "stream.on.data.loss";
  public static final String SHARD_DISCOVERY_INTERVAL_MS = "shard.discovery.interval.ms";
  public static final String PROGRESS_INTERVAL_MS = "stream.progress.interval.ms";
  public static final String STALL_TIMEOUT_MS = "stall.timeout.ms";

  /** With a longer overlap no window of an incremental export reaches beyond it far enough. */
  public static final Duration LONGEST_OVERLAP_OF_REPAIR = Duration.ofHours(6);

  private static final int LEAST_THREADS = 4;
  private static final int MOST_THREADS = 64;

  /** An idle shard is read every second and a half, which takes AWS some ten milliseconds. */
  private static final int SHARDS_PER_THREAD = 64;

  private static final EnumOption<StartPosition> POSITIONS =
      EnumOption.upperCase(StartPosition.class);
  private static final EnumOption<RemoveView> VIEWS = EnumOption.upperCase(RemoveView.class);
  private static final EnumOption<DataLossPolicy> POLICIES =
      EnumOption.lowerCase(DataLossPolicy.class);

  static void define(ConfigDef definition) {
    new ConfigGroup(definition, ConfigGroup.STREAM)
        .add(
            ConfigKey.of(
                    START_POSITION,
                    "Start position",
                    "Where the stream starts if snapshot.mode is 'no_data': at the connector's first start (LATEST),"
                        + " or with the oldest change the stream still holds, up to 24 hours back (TRIM_HORIZON)."
                        + " After a snapshot the stream always starts at the snapshot's time.")
                .choice(POSITIONS, StartPosition.LATEST))
        .add(
            ConfigKey.of(
                    START_SLACK_MS,
                    "Start slack (ms)",
                    "How long before its first start LATEST begins, in milliseconds: clocks differ, and the times of"
                        + " stream records have whole seconds only. Changes from this short time may be read though"
                        + " they were made before the start.")
                .millis(60_000, 0)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    VIEW_ON_REMOVE,
                    "Value of a deleted item",
                    "The value of a record for a deleted item: NEW_IMAGE gives an empty document, OLD_IMAGE the item"
                        + " as it was before (the stream's view type must be NEW_AND_OLD_IMAGES).")
                .choice(VIEWS, RemoveView.NEW_IMAGE))
        .add(
            ConfigKey.of(
                    HANDOVER_OVERLAP_MS,
                    "Handover overlap (ms)",
                    "How long before the export's time the stream begins after a snapshot, in milliseconds. An export is"
                        + " consistent only within about a minute around its time; the overlap makes sure that no change"
                        + " falls between the two. Changes within it may come although the snapshot has them already."
                        + " Before a further snapshot of a table (snapshot.id), the stream is held for so long.")
                .millis(300_000, 0)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    POLL_INTERVAL_MS,
                    "Poll interval (ms)",
                    "Pause after a shard had nothing new, in milliseconds. When it stays empty for 10 seconds, the pause"
                        + " doubles up to stream.poll.idle.max.ms; a shard with data is read on at once. AWS bills each"
                        + " read.")
                .millis(250, 1))
        .add(
            ConfigKey.of(
                    POLL_IDLE_MAX_MS,
                    "Longest poll pause (ms)",
                    "The longest pause between two reads of an idle shard, in milliseconds. At least"
                        + " stream.poll.interval.ms.")
                .millis(1_500, 1))
        .add(
            ConfigKey.of(
                    POLL_THREADS,
                    "Poll threads",
                    "How many threads of a task read shards, each one shard at a time. 0 means one for 64 shards that"
                        + " the task is given, at least 4 and at most 64. They serve all tables of the task, so that this"
                        + " key cannot be set for one table.")
                .count(0, 0, 64)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    DESCRIBE_RATE_MAX,
                    "Most DescribeStream calls",
                    "How many DescribeStream calls a second the connector and all its tasks make at most together. AWS"
                        + " allows ten a second for all streams of an account and region. With less, what is new in a"
                        + " stream of thousands of shards is seen later. It holds for all tables, so that this key"
                        + " cannot be set for one table.")
                .count(5, 1, 1_000)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    ON_DATA_LOSS,
                    "On data loss",
                    "What to do when changes are gone that were not read: the stream keeps them for 24 hours, and"
                        + " changes between a stream that was disabled and the next one are in neither. 'fail' stops"
                        + " and says what is missing; 'continue' writes a DATA_LOSS record to the status topic and"
                        + " goes on with the oldest change there is; 'repair' loads what is missing, deletions"
                        + " included, from incremental exports, and then goes on with the stream. That needs"
                        + " point-in-time recovery and export.s3.bucket, with snapshot.mode 'no_data' too, and"
                        + " DynamoDB bills the exports.")
                .choice(POLICIES, DataLossPolicy.FAIL)
                .dependents(SnapshotConfig.OF_ALL_EXPORTS))
        .add(
            ConfigKey.of(
                    SHARD_DISCOVERY_INTERVAL_MS,
                    "Shard discovery interval (ms)",
                    "How often the connector lists the shards of a stream to see whether one is not assigned, and how"
                        + " long a task waits before it looks again for a child that the listing shows late, in"
                        + " milliseconds. The children of a shard that ends are looked for at once, without this.")
                .millis(30_000, 100)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    PROGRESS_INTERVAL_MS,
                    "Progress interval (ms)",
                    "How often a shard without changes commits that it is read, with a SHARD_PROGRESS record in the"
                        + " status topic, in milliseconds. After a restart, an idle shard counts as unread since then,"
                        + " and the stream keeps changes for 24 hours: so much less may the connector be away.")
                .millis(1_800_000, 1_000)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    STALL_TIMEOUT_MS,
                    "Stall timeout (ms)",
                    "How long reading a shard, or all shards of a stream together, listing the shards, or any other call"
                        + " to AWS may fail without a success in between before the task or connector fails, in"
                        + " milliseconds. Throttling, server errors, a broken network, and refused access where the"
                        + " same call succeeded before, are waited out until then.")
                .millis(600_000, 1_000)
                .importance(Importance.LOW));
  }

  /**
   * Up to when an export has all changes for certain: DynamoDB promises its contents only to within
   * a minute of its time. Changes up to then are skipped in the stream that follows it, and its
   * items' versions are below those of all later ones.
   *
   * @param exportTimeMs the export's point in time, epoch ms
   */
  public long exportedUpToMs(long exportTimeMs) {
    return exportTimeMs - handoverOverlap.toMillis();
  }

  /** How many threads read so many shards, of all tables of a task together. */
  public int pollThreads(int shards) {
    int enough = Math.max(LEAST_THREADS, Math.min(MOST_THREADS, shards / SHARDS_PER_THREAD));
    return pollThreads == 0 ? enough : pollThreads;
  }

  /** Whether the text of a policy is that of a repair. */
  static boolean repairs(String policy) {
    return POLICIES.parse(policy) == DataLossPolicy.REPAIR;
  }

  static StreamConfig from(AbstractConfig config) {
    return new StreamConfig(
        POSITIONS.parse(config.getString(START_POSITION)),
        ConfigValues.millis(config, START_SLACK_MS),
        VIEWS.parse(config.getString(VIEW_ON_REMOVE)),
        ConfigValues.millis(config, HANDOVER_OVERLAP_MS),
        ConfigValues.millis(config, POLL_INTERVAL_MS),
        ConfigValues.millis(config, POLL_IDLE_MAX_MS),
        config.getInt(POLL_THREADS),
        config.getInt(DESCRIBE_RATE_MAX),
        LossResponse.of(
            POLICIES.parse(config.getString(ON_DATA_LOSS)), SnapshotConfig.mode(config)),
        ConfigValues.millis(config, SHARD_DISCOVERY_INTERVAL_MS),
        ConfigValues.millis(config, PROGRESS_INTERVAL_MS),
        ConfigValues.millis(config, STALL_TIMEOUT_MS));
  }
}
