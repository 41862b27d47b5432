package io.github.dynamokc.export;

import io.github.dynamokc.aws.RequestListener;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * One object of an export.
 *
 * @param bucketOwner the account that must own the bucket, null for no check
 * @param requests hears of the requests that are made for it
 */
record ExportObject(
    String bucket, String key, @Nullable String bucketOwner, RequestListener requests) {
  /** The IAM action that reading it needs. */
  static final String READ = "s3:GetObject";

  GetObjectRequest.Builder request() {
    return GetObjectRequest.builder()
        .bucket(bucket)
        .key(key)
        .expectedBucketOwner(bucketOwner)
        .overrideConfiguration(RequestListener.of(requests));
  }

  String uri() {
    return "s3://" + bucket + "/" + key;
  }

  /** For messages about a refusal: S3 refuses another owner as it refuses anything. */
  String resource() {
    return bucketOwner == null ? uri() : uri() + " (export.s3.bucket.owner=" + bucketOwner + ")";
  }
}
