package io.github.dynamokc.preflight;

import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.config.SnapshotConfig;
import io.github.dynamokc.config.TableConfig;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Whether the bucket of exports is there and can be read where DynamoDB will write. */
final class BucketChecks implements CheckRun.Questions {
  private static final String REGION_HEADER = "x-amz-bucket-region";

  private static final String NO_OBJECT = "AWSDynamoDB/dynamokc-preflight";

  private final PreflightContext settings;
  private final SdkAwsClients aws;
  private final TableConfig table;
  private final String bucket;

  /**
   * @param table a table that is exported to the bucket
   */
  BucketChecks(PreflightContext settings, SdkAwsClients aws, TableConfig table) {
    this.settings = settings;
    this.aws = aws;
    this.table = table;
    this.bucket = Objects.requireNonNull(table.snapshot().bucket());
  }

  @Override
  public void ask(CheckRun probe) throws InterruptedException {
    String key = settings.key(table.table(), SnapshotConfig.BUCKET);
    Boolean usable =
        probe.ask(
            AccessCheck.decisive(Service.S3, "s3:ListBucket", "bucket " + bucket + ofOwner(), key)
                .in(settings.regionKey(table)),
            () -> isThere(probe));
    if (usable == null || !usable) {
      return;
    }
    String prefix = table.snapshot().prefix().replaceAll("/+$", "");
    String object = (prefix.isEmpty() ? "" : prefix + "/") + NO_OBJECT;
    probe.ask(
        AccessCheck.ofPermission(
                Service.S3, "s3:GetObject", "s3://" + bucket + "/" + object + ofOwner(), key)
            .in(settings.regionKey(table)),
        () -> read(s3(), bucket, object, table.snapshot().bucketOwner()));
  }

  private boolean isThere(CheckRun probe) {
    try {
      s3().headBucket(r -> r.bucket(bucket).expectedBucketOwner(table.snapshot().bucketOwner()));
      return true;
    } catch (S3Exception e) {
      String region = region(e);
      if (!isElsewhere(e.statusCode(), region)) {
        throw e;
      }
      probe.found(
          settings.key(table.table(), SnapshotConfig.S3_REGION),
          "bucket " + bucket + " is elsewhere",
          (region == null ? "is not the region" : "must be " + region + ", the region")
              + " of the bucket "
              + bucket
              + ": S3 answered with HTTP "
              + e.statusCode());
      return false;
    }
  }

  /** S3 says with several statuses that a bucket is in another region; 400 may mean more. */
  private boolean isElsewhere(int status, @Nullable String region) {
    boolean other =
        region != null && !region.equals(s3().serviceClientConfiguration().region().id());
    return status == 301 || status == 307 || (status == 400 && other);
  }

  private static @Nullable String region(S3Exception failure) {
    return failure.awsErrorDetails() == null || failure.awsErrorDetails().sdkHttpResponse() == null
        ? null
        : failure
            .awsErrorDetails()
            .sdkHttpResponse()
            .firstMatchingHeader(REGION_HEADER)
            .orElse(null);
  }

  /** Reads one byte of an object; whether the object is there is told. */
  static boolean read(S3Client s3, String bucket, String object, @Nullable String owner) {
    try {
      s3.getObject(
          r -> r.bucket(bucket).key(object).range("bytes=0-0").expectedBucketOwner(owner),
          ResponseTransformer.toBytes());
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  private S3Client s3() {
    return aws.s3(table.snapshot().s3Region());
  }

  private String ofOwner() {
    String owner = table.snapshot().bucketOwner();
    return owner == null ? "" : " (" + SnapshotConfig.BUCKET_OWNER + "=" + owner + ")";
  }
}
