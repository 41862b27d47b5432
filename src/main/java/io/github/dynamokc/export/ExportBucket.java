package io.github.dynamokc.export;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.RequestListener;
import io.github.dynamokc.config.SnapshotConfig;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The bucket that exports are in, and how its objects are asked for.
 *
 * @param owner the account that must own the bucket, null for no check
 * @param requests hears of the requests to S3
 */
public record ExportBucket(
    S3Client s3, String name, @Nullable String owner, RequestListener requests) {
  /**
   * As a table's settings say.
   *
   * @param name as DynamoDB names it of the export
   */
  public static ExportBucket of(
      AwsClients aws, SnapshotConfig config, String name, RequestListener requests) {
    return new ExportBucket(aws.s3(config.s3Region()), name, config.bucketOwner(), requests);
  }

  ExportObject object(String key) {
    return new ExportObject(name, key, owner, requests);
  }
}
