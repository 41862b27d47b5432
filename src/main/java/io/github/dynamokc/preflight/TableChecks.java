package io.github.dynamokc.preflight;

import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.config.AwsConfig;
import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.config.SnapshotConfig;
import io.github.dynamokc.config.StreamConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.table.Readiness;
import io.github.dynamokc.table.TableDescription;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeExportResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Whether a table is there, can be exported, and has a stream that can be read. */
final class TableChecks implements CheckRun.Questions {
  /** An id as DynamoDB makes them, of a time before there were exports. */
  private static final String NO_EXPORT = "/export/00000000000000-00000000";

  private static final String IF_IT_RUNS =
      ". For a connector that runs already and needs it no more, set "
          + AwsConfig.PREFLIGHT
          + "=false";

  private final PreflightContext settings;
  private final SdkAwsClients aws;
  private final TableConfig config;
  private final String name;
  private final boolean inDetail;
  private final String tablesKey;

  /** Null for a table that is named, which has to be ready. */
  private final @Nullable Notes reasons;

  private TableChecks(
      PreflightContext settings,
      SdkAwsClients aws,
      TableConfig config,
      boolean inDetail,
      @Nullable Notes reasons) {
    this.settings = settings;
    this.aws = aws;
    this.config = config;
    this.name = config.table().name();
    this.inDetail = inDetail;
    this.tablesKey =
        reasons == null ? TableConfig.TABLES : DiscoveryCheck.key(settings.config().selection());
    this.reasons = reasons;
  }

  /**
   * @param inDetail whether exports and stream are asked about too, not only the table
   */
  static TableChecks ofNamed(
      PreflightContext settings, SdkAwsClients aws, TableConfig config, boolean inDetail) {
    return new TableChecks(settings, aws, config, inDetail, null);
  }

  /**
   * A table that need not be ready.
   *
   * @param reasons is told what it is not ready for
   */
  static TableChecks ofDiscovered(
      PreflightContext settings,
      SdkAwsClients aws,
      TableConfig config,
      boolean inDetail,
      Notes reasons) {
    return new TableChecks(settings, aws, config, inDetail, reasons);
  }

  @Override
  public void ask(CheckRun probe) throws InterruptedException {
    String identifier = config.table().identifier();
    TableDescription table =
        probe.ask(
            // A table that was just found may be gone.
            new AccessCheck(
                Service.DYNAMODB,
                "dynamodb:DescribeTable",
                "table " + identifier,
                tablesKey,
                reasons == null,
                null),
            () -> TableDescription.of(aws.dynamoDb().describeTable(r -> r.tableName(identifier))));
    if (table == null || isLeftOut(table)) {
      return;
    }
    boolean isFollowed = config.snapshot().mode().followsStream() && checkStream(probe, table);
    if (inDetail) {
      askForExports(probe, table);
      if (isFollowed) {
        askForRecords(probe, Objects.requireNonNull(table.streamArn()));
      }
    }
  }

  private void askForExports(CheckRun probe, TableDescription table) throws InterruptedException {
    String given = config.snapshot().exportArn();
    if (config.snapshot().mode().loadsItems() && given != null) {
      askForGivenExport(probe, given);
    }
    if (config.startsExports()) {
      askForNewExports(probe, table);
    }
  }

  /** Whether the table is one that will only be taken when it is ready, which it is not. */
  private boolean isLeftOut(TableDescription table) {
    String obstacle = reasons == null ? null : Readiness.obstacle(table, config);
    if (reasons != null && obstacle != null) {
      reasons.add(name, obstacle);
    }
    return obstacle != null;
  }

  /** Exports that the connector starts, for a snapshot or to repair gaps. */
  private void askForNewExports(CheckRun probe, TableDescription table)
      throws InterruptedException {
    String blamed = key(config.startsSnapshots() ? SnapshotConfig.MODE : StreamConfig.ON_DATA_LOSS);
    DynamoDbClient dynamoDb = aws.dynamoDb();
    DescribeContinuousBackupsResponse backups =
        probe.ask(
            AccessCheck.ofPermission(
                Service.DYNAMODB, "dynamodb:DescribeContinuousBackups", table.arn(), blamed),
            () -> dynamoDb.describeContinuousBackups(r -> r.tableName(table.arn())));
    if (backups != null && !Readiness.isRecoverable(backups)) {
      recoveryIsOff(probe);
    }
    String export = table.arn() + NO_EXPORT;
    probe.ask(
        AccessCheck.ofPermission(
            Service.DYNAMODB, "dynamodb:DescribeExport", table.arn() + "/export/*", blamed),
        () -> dynamoDb.describeExport(r -> r.exportArn(export)));
  }

  private void recoveryIsOff(CheckRun probe) {
    if (reasons != null) {
      reasons.add(
          name,
          config.startsSnapshots()
              ? Readiness.NO_RECOVERY
              : "point-in-time recovery is off, so that no gap of it could be repaired");
      return;
    }
    String mode = key(SnapshotConfig.MODE);
    String onLoss = key(StreamConfig.ON_DATA_LOSS);
    if (config.repairsGaps()) {
      probe.found(
          onLoss,
          "no recovery for repairs",
          "is repair, which needs exports, and point-in-time recovery is off for the table "
              + name
              + ". Turn it on, or set "
              + onLoss
              + " to fail or continue"
              + IF_IT_RUNS);
    }
    if (config.startsSnapshots()) {
      probe.found(
          mode,
          "no recovery",
          "needs an export, and point-in-time recovery is off for the table "
              + name
              + ". Turn it on, or set "
              + mode
              + "=no_data"
              + IF_IT_RUNS);
    }
  }

  /** The given export is read from where it was written, which the config need not name. */
  private void askForGivenExport(CheckRun probe, String arn) throws InterruptedException {
    String key = key(SnapshotConfig.EXPORT_ARN);
    DescribeExportResponse answer =
        probe.ask(
            AccessCheck.decisive(Service.DYNAMODB, "dynamodb:DescribeExport", "export " + arn, key),
            () -> aws.dynamoDb().describeExport(r -> r.exportArn(arn)));
    ExportDescription export = answer == null ? null : answer.exportDescription();
    if (export == null || export.exportManifest() == null || export.s3Bucket() == null) {
      return;
    }
    SnapshotConfig snapshot = config.snapshot();
    probe.ask(
        AccessCheck.ofPermission(
                Service.S3,
                "s3:GetObject",
                "s3://" + export.s3Bucket() + "/" + export.exportManifest(),
                key)
            .in(settings.regionKey(config)),
        () ->
            BucketChecks.read(
                aws.s3(snapshot.s3Region()),
                export.s3Bucket(),
                export.exportManifest(),
                snapshot.bucketOwner()));
  }

  /** Whether the stream that is to be followed is there and carries the items. */
  private boolean checkStream(CheckRun probe, TableDescription table) {
    String problem = table.streamProblem();
    if (problem != null) {
      String kind = table.streamArn() == null ? "no stream" : "view type";
      probe.found(tablesKey, kind, "does not work: " + problem + IF_IT_RUNS);
      return false;
    }
    if (config.stream().viewOnRemove() == RemoveView.OLD_IMAGE
        && table.viewType() != StreamViewType.NEW_AND_OLD_IMAGES) {
      probe.found(
          key(StreamConfig.VIEW_ON_REMOVE),
          "no old images",
          "is OLD_IMAGE, but the stream of the table "
              + name
              + " has the view type "
              + table.viewType()
              + " instead of NEW_AND_OLD_IMAGES");
    }
    return true;
  }

  /** Reads behind the newest record, if there is a shard, so that there is nothing to read. */
  private void askForRecords(CheckRun probe, String stream) throws InterruptedException {
    DynamoDbStreamsClient streams = aws.streams();
    DescribeStreamResponse listing =
        probe.ask(
            ofStream("dynamodb:DescribeStream", stream),
            () -> streams.describeStream(r -> r.streamArn(stream)));
    List<Shard> shards = listing == null ? List.of() : listing.streamDescription().shards();
    if (shards.isEmpty()) {
      return;
    }
    String shard = shards.get(shards.size() - 1).shardId();
    String iterator =
        probe.ask(
            ofStream("dynamodb:GetShardIterator", stream),
            () ->
                streams
                    .getShardIterator(
                        r ->
                            r.streamArn(stream)
                                .shardId(shard)
                                .shardIteratorType(ShardIteratorType.LATEST))
                    .shardIterator());
    if (iterator != null) {
      probe.ask(
          ofStream("dynamodb:GetRecords", stream),
          () -> streams.getRecords(r -> r.shardIterator(iterator).limit(1)));
    }
  }

  private AccessCheck ofStream(String action, String stream) {
    return AccessCheck.ofPermission(Service.STREAMS, action, stream, tablesKey);
  }

  private String key(String key) {
    return settings.key(config.table(), key);
  }
}
