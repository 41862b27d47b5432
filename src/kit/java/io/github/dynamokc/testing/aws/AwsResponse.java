package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** What a client of the JSON protocol of DynamoDB gets to see. */
public sealed interface AwsResponse {

  /** A whole answer. */
  record Reply(int status, Map<String, String> headers, byte[] body) implements AwsResponse {}

  /** The connection is closed without a single byte of an answer. */
  record ConnectionClosed() implements AwsResponse {}

  /** The connection is closed after the first {@code bytes} of the body of {@code reply}. */
  record Cut(Reply reply, int bytes) implements AwsResponse {}

  static Reply ok(JsonNode body) {
    return ok(body.toString());
  }

  static Reply ok(String json) {
    return json(200, json);
  }

  /** An error as DynamoDB and its streams answer them, with the short name of the exception. */
  static Reply error(int status, String exception, String message) {
    String namespace =
        exception.contains("#")
            ? ""
            : switch (exception) {
              case "AccessDeniedException",
                  "ExpiredTokenException",
                  "ThrottlingException",
                  "UnknownOperationException",
                  "UnrecognizedClientException",
                  "ValidationException" ->
                  "com.amazon.coral.service#";
              default -> "com.amazonaws.dynamodb.v20120810#";
            };
    return json(
        status,
        AwsJson.object().put("__type", namespace + exception).put("message", message).toString());
  }

  private static Reply json(int status, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/x-amz-json-1.0");
    headers.put("x-amz-crc32", crc32(body));
    return new Reply(status, headers, body);
  }

  static String crc32(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return Long.toString(crc.getValue());
  }
}
