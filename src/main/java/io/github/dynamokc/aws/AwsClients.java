package io.github.dynamokc.aws;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The clients of one connector or task. Thread-safe. */
public interface AwsClients extends AutoCloseable {
  /** For tables and exports. */
  DynamoDbClient dynamoDb();

  /** For streams. */
  DynamoDbStreamsClient streams();

  /**
   * For buckets of a region. The same client for the same region.
   *
   * @param bucketRegion the bucket's region, null for the tables'
   */
  S3Client s3(@Nullable String bucketRegion);

  /** For finding tables by tags. Made when it is first asked for. */
  ResourceGroupsTaggingApiClient tagging();

  /**
   * What time it is at AWS, as far as its answers tell: before the first one, what time it is here.
   */
  InstantSource clock();

  /**
   * Closes the clients, their connections and threads. Calls under way or made later fail, with any
   * exception.
   */
  @Override
  void close();
}
