package io.github.dynamokc.bench;

import com.sun.net.httpserver.HttpExchange;
import io.github.dynamokc.testing.JvmProcess;
import io.github.dynamokc.testing.http.LoopbackHttp;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * What the connector is held against: a loop that reads a stream with the AWS SDK and does nothing
 * else. One thread, the sync client, the SDK's own parsing, one shard after the other. It runs in a
 * JVM like the worker's, which stays warm from round to round as the worker's does.
 */
final class BareLoop implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final JvmProcess process;
  private final int port;

  private BareLoop(JvmProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  static BareLoop start(Path directory, URI streams) {
    int port = JvmProcess.freePort();
    JvmProcess process =
        JvmProcess.start(
            "bare-loop",
            directory.resolve("bare-loop.log"),
            List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)),
            Lab.jvmArguments(Lab.USUAL_HEAP),
            BareLoop.class.getName(),
            List.of(Integer.toString(port), streams.toString()));
    return new BareLoop(process.awaitPort(port, Duration.ofSeconds(30)), port);
  }

  /** Reads the stream to the first empty page of each shard; gives the number of records. */
  int read(String streamArn) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
            .POST(HttpRequest.BodyPublishers.ofString(streamArn))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("The bare loop failed: " + response.body());
      }
      return Integer.parseInt(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException("The bare loop does not answer\n" + process.logTail(), e);
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.kill();
  }

  /**
   * @param arguments the port to be asked on, and the endpoint of DynamoDB Streams
   */
  public static void main(String[] arguments) {
    DynamoDbStreamsClient streams =
        DynamoDbStreamsClient.builder()
            .endpointOverride(URI.create(arguments[1]))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("bare", "secret")))
            .httpClient(Apache5HttpClient.create())
            .build();
    LoopbackHttp.start(
        "bare-loop",
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
        exchange -> answer(exchange, streams));
  }

  private static void answer(HttpExchange exchange, DynamoDbStreamsClient streams)
      throws IOException {
    String arn = LoopbackHttp.text(exchange);
    int status = 200;
    String answer;
    try {
      answer = Integer.toString(read(streams, arn));
    } catch (RuntimeException e) {
      status = 500;
      answer = e.toString();
    }
    LoopbackHttp.answer(exchange, status, answer);
  }

  private static int read(DynamoDbStreamsClient streams, String arn) {
    int records = 0;
    for (Shard shard : streams.describeStream(r -> r.streamArn(arn)).streamDescription().shards()) {
      String iterator =
          streams
              .getShardIterator(
                  r ->
                      r.streamArn(arn)
                          .shardId(shard.shardId())
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      GetRecordsResponse page;
      do {
        String next = iterator;
        page = streams.getRecords(r -> r.shardIterator(next));
        records += page.records().size();
        iterator = page.nextShardIterator();
      } while (!page.records().isEmpty());
    }
    return records;
  }
}
