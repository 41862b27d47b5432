package io.github.dynamokc.testing.aws;

import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What tests do with buckets. */
public final class TestBuckets {
  private final S3Client s3;

  TestBuckets(S3Client s3) {
    this.s3 = s3;
  }

  /** Creates the bucket and gives its name. */
  public String create(String bucket) {
    s3.createBucket(request -> request.bucket(bucket));
    return bucket;
  }

  /** The keys of all objects, in S3's order. */
  public List<String> keys(String bucket) {
    return s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  public byte[] object(String bucket, String key) {
    return s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asByteArrayUnsafe();
  }
}
