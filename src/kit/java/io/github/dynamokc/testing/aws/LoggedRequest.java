package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A request that a server has answered.
 *
 * @param status 0 if the connection was closed instead of a whole answer
 * @param body a missing node for bodies above 8 kB, which only item writes have
 */
public record LoggedRequest(String target, int status, JsonNode body) {

  /** The operation, as in {@code PutItem}. */
  public String action() {
    return target.substring(target.indexOf('.') + 1);
  }
}
