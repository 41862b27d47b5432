package io.github.dynamokc.config;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/**
 * How a table's existing items are exported and loaded.
 *
 * @param mode whether there is a snapshot, and whether the stream follows it
 * @param id names the snapshot; part of the export's client token, so another id means another
 *     export
 * @param bucket where DynamoDB writes exports; not null if {@link TableConfig#startsExports()}
 * @param prefix folder in the bucket, empty for none
 * @param s3Region the bucket's region, null if it is the table's
 * @param bucketOwner account of the bucket, null if it is the table's
 * @param sseKmsKeyId KMS key that encrypts the export, null for S3's own
 * @param exportArn an export that is loaded instead of submitting one, null for none
 * @param exportPollInterval how often a running export is asked for
 * @param exportMaxAttempts how often an export is started before its failure becomes the
 *     connector's
 * @param fileConcurrency how many data files one task loads at the same time, of all its tables; 0
 *     for as many as keep Connect busy
 */
public record SnapshotConfig(
    SnapshotMode mode,
    String id,
    @Nullable String bucket,
    String prefix,
    @Nullable String s3Region,
    @Nullable String bucketOwner,
    @Nullable String sseKmsKeyId,
    @Nullable String exportArn,
    Duration exportPollInterval,
    int exportMaxAttempts,
    int fileConcurrency) {
  public static final String MODE = "snapshot.mode";
  public static final String ID = "snapshot.id";
  public static final String BUCKET = "export.s3.bucket";
  public static final String PREFIX = "export.s3.prefix";
  public static final String S3_REGION = "export.s3.region";
  public static final String BUCKET_OWNER = "export.s3.bucket.owner";
  public static final String SSE_KMS_KEY_ID = "export.s3.sse.kms.key.id";
  public static final String EXPORT_ARN = "export.arn";
  public static final String POLL_INTERVAL_MS = "export.poll.interval.ms";
  public static final String MAX_ATTEMPTS = "export.max.attempts";
  public static final String FILE_CONCURRENCY = "export.file.concurrency";

  /** The keys of exports of any kind, whole or incremental. */
  static final String[] OF_ALL_EXPORTS = {
    BUCKET,
    PREFIX,
    S3_REGION,
    BUCKET_OWNER,
    SSE_KMS_KEY_ID,
    POLL_INTERVAL_MS,
    MAX_ATTEMPTS,
    FILE_CONCURRENCY
  };

  /** In bytes: S3 allows 1,024 of a name, and DynamoDB appends a folder and a name of its own. */
  private static final int MAX_PREFIX = 900;

  private static final EnumOption<SnapshotMode> MODES = EnumOption.lowerCase(SnapshotMode.class);

  static void define(ConfigDef definition) {
    VisibleWhen whenLoading = VisibleWhen.when(MODE, v -> MODES.parse(v).loadsItems());
    ConfigDef.Recommender whenExporting =
        new VisibleIfEither(
            whenLoading, VisibleWhen.when(StreamConfig.ON_DATA_LOSS, StreamConfig::repairs));
    new ConfigGroup(definition, ConfigGroup.SNAPSHOT)
        .add(
            ConfigKey.of(
                    MODE,
                    "Snapshot mode",
                    "'initial' loads all items of the table from a point-in-time export and then follows its stream."
                        + " 'initial_only' loads the items and stops."
                        + " 'no_data' skips the items and follows the stream only."
                        + " 'when_needed' is as 'initial', and takes a new snapshot by itself whenever changes are lost"
                        + " that cannot be repaired (stream.on.data.loss).")
                .choice(MODES, SnapshotMode.INITIAL)
                .importance(Importance.HIGH)
                .dependents(
                    ID,
                    BUCKET,
                    PREFIX,
                    S3_REGION,
                    BUCKET_OWNER,
                    SSE_KMS_KEY_ID,
                    EXPORT_ARN,
                    POLL_INTERVAL_MS,
                    MAX_ATTEMPTS,
                    FILE_CONCURRENCY,
                    StreamConfig.START_POSITION))
        .add(
            ConfigKey.of(
                    ID,
                    "Snapshot id",
                    "Names the snapshot. Write another one, which was not used before, to have a new snapshot taken: the"
                        + " stream is held, a new export loaded, and the stream goes on where it stood. The id is part"
                        + " of the export's idempotency token: within 8 hours of resetting offsets, use a new id to get"
                        + " a new export.")
                .text("1")
                .check(
                    Validators.matches(
                        "[a-zA-Z0-9_.-]{1,64}",
                        "must be 1 to 64 of letters, digits, '_', '.' and '-'"))
                .importance(Importance.LOW)
                .shownWhen(whenLoading))
        .add(
            ConfigKey.of(
                    BUCKET,
                    "Export bucket",
                    "S3 bucket that DynamoDB writes the export to and that the connector reads it from."
                        + " Required unless snapshot.mode is 'no_data' or export.arn is set, and always with snapshot.mode"
                        + " 'when_needed' or stream.on.data.loss 'repair'. Its name only, without 's3://'.")
                .check(
                    Validators.matches(
                        "[a-zA-Z0-9._-]{3,255}",
                        "must be a bucket's name, without 's3://' and path"))
                .importance(Importance.HIGH)
                .shownWhen(whenExporting))
        .add(
            ConfigKey.of(
                    PREFIX,
                    "Export prefix",
                    "Folder in the bucket under which DynamoDB writes the export.")
                .text("")
                .check(Validators.text(SnapshotConfig::prefixProblem))
                .shownWhen(whenExporting))
        .add(
            ConfigKey.of(
                    S3_REGION,
                    "Bucket region",
                    "Region of the export bucket. Without it, the region of the table.")
                .check(Validators.REGION)
                .shownWhen(whenExporting))
        .add(
            ConfigKey.of(
                    BUCKET_OWNER,
                    "Bucket owner",
                    "Account id of the bucket's owner, needed if the bucket belongs to another account than the table.")
                .check(Validators.matches("\\d{12}", "must be an account id of 12 digits"))
                .shownWhen(whenExporting))
        .add(
            ConfigKey.of(
                    SSE_KMS_KEY_ID,
                    "KMS key",
                    "Id or ARN of the KMS key that encrypts the exported files."
                        + " Without it, S3 encrypts them with keys of its own (AES-256).")
                .check(
                    Validators.matches(
                        "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-f]{32}"
                            + "|(arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:)?alias/[a-zA-Z0-9/_-]{1,250}"
                            + "|arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/[a-zA-Z0-9-]{1,256}",
                        "must be a KMS key's id, alias or ARN"))
                .shownWhen(whenExporting))
        .add(
            ConfigKey.of(
                    EXPORT_ARN,
                    "Given export",
                    "ARN of an export of the table that exists already, complete or not, in the form DYNAMODB_JSON. It is"
                        + " loaded, and none is started. The stream follows from its time on, so it should be younger"
                        + " than 24 hours. It can only begin a table: changes that are in Kafka already would be undone by it."
                        + " With several tables, write it as 'table.<name>.export.arn'.")
                .check(
                    Validators.matches(
                        "arn:[a-z0-9-]+:dynamodb:[a-z0-9-]+:\\d{12}:table/[a-zA-Z0-9_.-]{3,255}/export/.+",
                        "must be the ARN of an export, arn:aws:dynamodb:<region>:<account>:table/<name>/export/<id>"))
                .importance(Importance.LOW)
                .shownWhen(whenLoading))
        .add(
            ConfigKey.of(
                    POLL_INTERVAL_MS,
                    "Export poll interval (ms)",
                    "How often the connector asks DynamoDB whether the export is complete, in milliseconds.")
                .millis(10_000, 100)
                .importance(Importance.LOW)
                .shownWhen(whenExporting))
        .add(
            ConfigKey.of(
                    MAX_ATTEMPTS,
                    "Export attempts",
                    "How many exports are started, one after the other, if DynamoDB reports them as failed."
                        + " Then the connector fails with DynamoDB's reason.")
                .count(3, 1, 100)
                .importance(Importance.LOW)
                .shownWhen(whenExporting))
        .add(
            ConfigKey.of(
                    FILE_CONCURRENCY,
                    "Files at a time",
                    "How many data files one task loads at the same time, over all its tables, which take turns. 0: as many"
                        + " as keep Connect busy, which are found out, at most 8. More than that only take processor"
                        + " time from it.")
                .count(0, 0, 64)
                .importance(Importance.LOW)
                .shownWhen(whenExporting));
  }

  private static @Nullable String prefixProblem(String prefix) {
    if (prefix.startsWith("s3:") || prefix.startsWith("arn:")) {
      return "must be a folder in the bucket, such as exports/orders, without the bucket";
    }
    int bytes = prefix.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PREFIX) {
      return "must be of at most " + MAX_PREFIX + " bytes, not of " + bytes;
    }
    return prefix.chars().anyMatch(Character::isISOControl)
        ? "must be without control characters"
        : null;
  }

  static SnapshotMode mode(AbstractConfig config) {
    return MODES.parse(config.getString(MODE));
  }

  static SnapshotConfig from(AbstractConfig config) {
    return new SnapshotConfig(
        mode(config),
        config.getString(ID),
        ConfigValues.optionalText(config, BUCKET),
        config.getString(PREFIX).strip(),
        ConfigValues.optionalText(config, S3_REGION),
        ConfigValues.optionalText(config, BUCKET_OWNER),
        ConfigValues.optionalText(config, SSE_KMS_KEY_ID),
        ConfigValues.optionalText(config, EXPORT_ARN),
        ConfigValues.millis(config, POLL_INTERVAL_MS),
        config.getInt(MAX_ATTEMPTS),
        config.getInt(FILE_CONCURRENCY));
  }
}
