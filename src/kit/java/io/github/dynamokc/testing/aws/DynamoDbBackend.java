package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import io.github.dynamokc.testing.http.FaultyProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** DynamoDB Local as the front sees it: bytes that are passed on, and calls of its own. */
final class DynamoDbBackend {
  private static final String ANY_CREDENTIALS =
      "AWS4-HMAC-SHA256 Credential=front/20200101/us-east-1/dynamodb/aws4_request,"
          + " SignedHeaders=host, Signature=none";

  private final FaultyProxy server;

  DynamoDbBackend(URI endpoint) {
    this.server = new FaultyProxy(endpoint);
  }

  /** Sends the request as it came and gives the answer as it came. */
  AwsResponse.Reply forward(AwsRequest request) throws IOException, InterruptedException {
    return send(request.headers(), request.body());
  }

  private AwsResponse.Reply send(Headers sent, byte[] request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        server.send("POST", "/", sent, request, HttpResponse.BodyHandlers.ofByteArray());
    Map<String, String> headers = new LinkedHashMap<>();
    server.eachHeader(response.headers(), headers::putIfAbsent);
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

  /** The names of all tables. */
  List<String> tableNames() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    ObjectNode request = AwsJson.object();
    while (true) {
      JsonNode page = body(call("ListTables", request));
      page.path("TableNames").forEach(name -> names.add(name.asText()));
      if (!page.has("LastEvaluatedTableName")) {
        return names;
      }
      request.set("ExclusiveStartTableName", page.get("LastEvaluatedTableName"));
    }
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
    Headers headers = new Headers();
    headers.set("x-amz-target", "DynamoDB_20120810." + action);
    headers.set("Content-Type", "application/x-amz-json-1.0");
    headers.set("Authorization", ANY_CREDENTIALS);
    return send(headers, body.toString().getBytes(AwsJson.UTF_8));
  }

  private static JsonNode body(AwsResponse.Reply reply) throws IOException {
    if (reply.status() != 200) {
      throw new IOException("DynamoDB Local: " + new String(reply.body(), AwsJson.UTF_8));
    }
    return AwsJson.MAPPER.readTree(reply.body());
  }
}
