package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.Headers;
import java.io.IOException;

/**
 * A request in the JSON protocol of DynamoDB.
 *
 * @param target the {@code x-amz-target}, as in {@code DynamoDB_20120810.PutItem}; empty without
 *     one
 */
public record AwsRequest(String target, Headers headers, byte[] body) {

  /** The operation, as in {@code PutItem}. */
  public String action() {
    return target.substring(target.indexOf('.') + 1);
  }

  /** The body; a missing node if it is no JSON. */
  public JsonNode json() {
    try {
      return AwsJson.MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new IllegalStateException("Reading an array cannot fail", e);
    }
  }
}
