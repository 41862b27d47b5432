package io.github.dynamokc.testing.aws;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * AWS as far as the connector uses it: DynamoDB Local and an S3 server, each in a JVM of its own,
 * and the front that adds exports. Everything listens on loopback only and ends with this object.
 */
public final class EmbeddedAws implements AutoCloseable {
  private final DynamoDbLocal dynamoDbLocal;
  private final S3Proxy s3Proxy;
  private final SdkHttpClient http = Apache5HttpClient.builder().maxConnections(200).build();
  private final S3Client s3;
  private final PitrFront front;
  private final DynamoDbClient dynamoDb;
  private final DynamoDbStreamsClient streams;

  private EmbeddedAws(DynamoDbLocal dynamoDbLocal, S3Proxy s3Proxy) {
    this.dynamoDbLocal = dynamoDbLocal;
    this.s3Proxy = s3Proxy;
    this.s3 =
        client(S3Client.builder(), s3Proxy.endpoint())
            .httpClient(http)
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .build();
    this.front = new PitrFront(dynamoDbLocal.endpoint(), s3, Clock.systemUTC());
    this.dynamoDb = client(DynamoDbClient.builder(), front.endpoint()).httpClient(http).build();
    this.streams =
        client(DynamoDbStreamsClient.builder(), front.endpoint()).httpClient(http).build();
  }

  /** Starts all servers; their logs and the objects of S3 go to {@code workDirectory}. */
  public static EmbeddedAws start(Path workDirectory) {
    DynamoDbLocal dynamoDbLocal = DynamoDbLocal.launch(workDirectory);
    try {
      S3Proxy s3Proxy = S3Proxy.launch(workDirectory);
      try {
        dynamoDbLocal.awaitReady();
        s3Proxy.awaitReady();
        return new EmbeddedAws(dynamoDbLocal, s3Proxy);
      } catch (RuntimeException e) {
        s3Proxy.close();
        throw e;
      }
    } catch (RuntimeException e) {
      dynamoDbLocal.close();
      throw e;
    }
  }

  private <B extends AwsClientBuilder<B, ?>> B client(B builder, URI endpoint) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(region()))
        .credentialsProvider(credentials());
  }

  private AwsCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(accessKeyId(), secretAccessKey()));
  }

  /** Serves DynamoDB and DynamoDB Streams. */
  public URI dynamoDbEndpoint() {
    return front.endpoint();
  }

  /** Path style only. */
  public URI s3Endpoint() {
    return s3Proxy.endpoint();
  }

  public String region() {
    return "us-east-1";
  }

  /** Any key is accepted. */
  public String accessKeyId() {
    return "embedded";
  }

  public String secretAccessKey() {
    return "embedded-secret";
  }

  public DynamoDbClient dynamoDb() {
    return dynamoDb;
  }

  public DynamoDbStreamsClient streams() {
    return streams;
  }

  public S3Client s3() {
    return s3;
  }

  /** Exports, faults and the log of requests. */
  public PitrFront front() {
    return front;
  }

  /** What tests do with tables and streams. */
  public TestTables tables() {
    return new TestTables(dynamoDb, streams);
  }

  /** What tests do with buckets. */
  public TestBuckets buckets() {
    return new TestBuckets(s3);
  }

  @Override
  public void close() {
    front.close();
    dynamoDb.close();
    streams.close();
    s3.close();
    http.close();
    s3Proxy.close();
    dynamoDbLocal.close();
  }
}
