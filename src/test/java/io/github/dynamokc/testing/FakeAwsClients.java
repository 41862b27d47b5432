package io.github.dynamokc.testing;

import io.github.dynamokc.aws.AwsClients;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients of a test. Streams are asked by a fake of their own. */
public final class FakeAwsClients implements AwsClients {
  private final DynamoDbClient dynamoDb;
  private final S3Client s3;
  private final InstantSource clock;
  private @Nullable ResourceGroupsTaggingApiClient tagging;
  private boolean closed;

  public FakeAwsClients(DynamoDbClient dynamoDb, S3Client s3, InstantSource clock) {
    this.dynamoDb = dynamoDb;
    this.s3 = s3;
    this.clock = clock;
  }

  /** Has the tagging API too. */
  public synchronized FakeAwsClients tagging(ResourceGroupsTaggingApiClient client) {
    tagging = client;
    return this;
  }

  @Override
  public synchronized ResourceGroupsTaggingApiClient tagging() {
    if (tagging == null) {
      throw new UnsupportedOperationException("There is no tagging API");
    }
    return tagging;
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public DynamoDbClient dynamoDb() {
    return dynamoDb;
  }

  @Override
  public DynamoDbStreamsClient streams() {
    throw new UnsupportedOperationException("Streams are asked through a StreamApi");
  }

  @Override
  public S3Client s3(@Nullable String bucketRegion) {
    return s3;
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
