package io.github.dynamokc.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.CommittedOffsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The requests to change offsets that a failure names, and an operator who sends one. */
final class RequestsInMessage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RequestsInMessage() {}

  static List<JsonNode> of(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    return Arrays.stream(message.split("(?=\\{\"offsets\")", -1))
        .skip(1)
        .map(RequestsInMessage::first)
        .toList();
  }

  /** What comes behind the object does not count. */
  private static JsonNode first(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + text, e);
    }
  }

  static void send(JsonNode request, CommittedOffsets committed) {
    for (JsonNode pair : request.path("offsets")) {
      Map<String, Object> offset = pair.path("offset").isNull() ? null : map(pair.path("offset"));
      committed.commit(map(pair.path("partition")), offset);
    }
  }

  static Map<String, Object> map(JsonNode object) {
    return JSON.convertValue(object, new TypeReference<>() {});
  }
}
