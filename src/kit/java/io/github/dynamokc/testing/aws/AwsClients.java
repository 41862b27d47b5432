package io.github.dynamokc.testing.aws;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
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
 * Clients of an embedded AWS, in this JVM or in a container: it accepts any key. They share their
 * connections, and end with this object.
 */
public final class AwsClients implements AutoCloseable {
  public static final String REGION = "us-east-1";
  public static final String ACCESS_KEY_ID = "embedded";
  public static final String SECRET_ACCESS_KEY = "embedded-secret";

  private final SdkHttpClient http = Apache5HttpClient.builder().maxConnections(200).build();

  DynamoDbClient dynamoDb(URI endpoint) {
    return client(DynamoDbClient.builder(), endpoint).httpClient(http).build();
  }

  DynamoDbStreamsClient streams(URI endpoint) {
    return client(DynamoDbStreamsClient.builder(), endpoint).httpClient(http).build();
  }

  S3Client s3(URI endpoint) {
    return client(S3Client.builder(), endpoint)
        .httpClient(http)
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .build();
  }

  /** The tables that are served there, and their streams. */
  public TestTables tables(URI endpoint) {
    return new TestTables(dynamoDb(endpoint), streams(endpoint));
  }

  private static <B extends AwsClientBuilder<B, ?>> B client(B builder, URI endpoint) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(REGION))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY)));
  }

  @Override
  public void close() {
    http.close();
  }
}
