package io.github.dynamokc.testing.aws;

import io.github.dynamokc.testing.JvmProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * AWS as far as the connector uses it: DynamoDB Local and an S3 server, each in a JVM of its own,
 * and the front that adds exports. Everything listens on loopback only, unless said otherwise, and
 * ends with this object.
 */
public final class EmbeddedAws implements AutoCloseable {
  private final DynamoDbLocal dynamoDbLocal;
  private final S3Proxy s3Proxy;
  private final AwsClients clients = new AwsClients();
  private final S3Client s3;
  private final PitrFront front;
  private final DynamoDbClient dynamoDb;
  private final DynamoDbStreamsClient streams;

  private EmbeddedAws(
      DynamoDbLocal dynamoDbLocal, S3Proxy s3Proxy, InetSocketAddress frontAddress) {
    this.dynamoDbLocal = dynamoDbLocal;
    this.s3Proxy = s3Proxy;
    this.s3 = clients.s3(s3Proxy.endpoint());
    this.front =
        new PitrFront(
            frontAddress,
            dynamoDbLocal.endpoint(),
            s3,
            time(),
            time()::advance,
            dynamoDbLocal.history());
    this.dynamoDb = clients.dynamoDb(front.endpoint());
    this.streams = clients.streams(front.endpoint());
  }

  /** Starts all servers; their logs and the objects of S3 go to {@code workDirectory}. */
  public static EmbeddedAws start(Path workDirectory) {
    return start(
        workDirectory,
        new Listeners(
            Listeners.onLoopback(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), JvmProcess.freePort())));
  }

  /** As above, to be reached at other addresses; DynamoDB Local itself stays behind the front. */
  public static EmbeddedAws start(Path workDirectory, Listeners listeners) {
    DynamoDbLocal dynamoDbLocal = DynamoDbLocal.launch(workDirectory);
    try {
      S3Proxy s3Proxy = S3Proxy.launch(workDirectory, listeners.s3());
      try {
        dynamoDbLocal.awaitReady();
        s3Proxy.awaitReady();
        return new EmbeddedAws(dynamoDbLocal, s3Proxy, listeners.dynamoDb());
      } catch (RuntimeException e) {
        s3Proxy.close();
        throw e;
      }
    } catch (RuntimeException e) {
      dynamoDbLocal.close();
      throw e;
    }
  }

  /** Serves DynamoDB, DynamoDB Streams and the tagging API. */
  public URI dynamoDbEndpoint() {
    return front.endpoint();
  }

  /** Path style only. */
  public URI s3Endpoint() {
    return s3Proxy.endpoint();
  }

  /**
   * What time it is for tables, streams and exports. To move it forward is for a test that has this
   * AWS to itself.
   */
  public AwsTime time() {
    return dynamoDbLocal.time();
  }

  /** Has a connector come here, and its topics take what is dated after the time was moved. */
  public void reachedBy(Map<String, String> config) {
    config.put("aws.region", region());
    config.put("aws.access.key.id", accessKeyId());
    config.put("aws.secret.access.key", secretAccessKey());
    config.put("aws.dynamodb.endpoint", dynamoDbEndpoint().toString());
    config.put("aws.dynamodb.streams.endpoint", dynamoDbEndpoint().toString());
    config.put("aws.tagging.endpoint", dynamoDbEndpoint().toString());
    config.put("aws.s3.endpoint", s3Endpoint().toString());
    config.put("aws.s3.path.style.access", "true");
    DatedFront.acceptLaterRecords(config);
  }

  public String region() {
    return AwsClients.REGION;
  }

  /** Any key is accepted. */
  public String accessKeyId() {
    return AwsClients.ACCESS_KEY_ID;
  }

  public String secretAccessKey() {
    return AwsClients.SECRET_ACCESS_KEY;
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
    clients.close();
    s3Proxy.close();
    dynamoDbLocal.close();
  }
}
