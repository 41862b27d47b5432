package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** DynamoDB Local as the front sees it: bytes that are passed on, and calls of its own. */
final class DynamoDbBackend {
  private static final Set<String> HEADERS_OF_THE_CONNECTION =
      Set.of(
          "connection", "content-length", "date", "expect", "host", "transfer-encoding", "upgrade");
  private static final String ANY_CREDENTIALS =
      "AWS4-HMAC-SHA256 Credential=front/20200101/us-east-1/dynamodb/aws4_request,"
          + " SignedHeaders=host, Signature=none";

  private final URI endpoint;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  DynamoDbBackend(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** Sends the request as it came and gives the answer as it came. */
  AwsResponse.Reply forward(AwsRequest request) throws IOException, InterruptedException {
    HttpRequest.Builder builder = HttpRequest.newBuilder(endpoint);
    request
        .headers()
        .forEach((name, values) -> values.forEach(value -> copyHeader(builder, name, value)));
    return send(builder.POST(HttpRequest.BodyPublishers.ofByteArray(request.body())).build());
  }

  private static void copyHeader(HttpRequest.Builder builder, String name, String value) {
    if (!HEADERS_OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
      builder.header(name, value);
    }
  }

  private AwsResponse.Reply send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    Map<String, String> headers = new LinkedHashMap<>();
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!HEADERS_OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values.get(0));
              }
            });
    return new AwsResponse.Reply(response.statusCode(), headers, response.body());
  }

  /** What DescribeTable says of the table; TableNotFoundException if there is none. */
  JsonNode describeTable(String table) throws IOException, InterruptedException {
    AwsResponse.Reply reply = call("DescribeTable", AwsJson.object().put("TableName", table));
    if (reply.status() == 400) {
      throw AwsErrorException.badRequest("TableNotFoundException", "Table not found: " + table);
    }
    return body(reply).path("Table");
  }

  /** All items, each as DynamoDB Local writes it. */
  List<JsonNode> scan(String table) throws IOException, InterruptedException {
    List<JsonNode> items = new ArrayList<>();
    ObjectNode request = AwsJson.object().put("TableName", table).put("ConsistentRead", true);
    while (true) {
      JsonNode page = body(call("Scan", request));
      page.path("Items").forEach(items::add);
      if (!page.has("LastEvaluatedKey")) {
        return items;
      }
      request.set("ExclusiveStartKey", page.get("LastEvaluatedKey"));
    }
  }

  private AwsResponse.Reply call(String action, ObjectNode body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(endpoint)
            .header("x-amz-target", "DynamoDB_20120810." + action)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("Authorization", ANY_CREDENTIALS)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  private static JsonNode body(AwsResponse.Reply reply) throws IOException {
    if (reply.status() != 200) {
      throw new IOException("DynamoDB Local: " + new String(reply.body(), AwsJson.UTF_8));
    }
    return AwsJson.MAPPER.readTree(reply.body());
  }
}
