package io.github.dynamokc.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.config.RegistryConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** What came of asking for schemas of a subject. */
sealed interface RegistryResponse {

  /** Whether it may be another one later. */
  boolean isRetriable();

  /** For messages. */
  String description();

  /**
   * The schema in it, empty if it says that there is none.
   *
   * @throws ConnectException if it does not say
   */
  Optional<String> schema(String url, String subject);

  /**
   * The numbers of versions in it, oldest first, none if it says that there is no subject.
   *
   * @throws ConnectException if it does not say
   */
  List<Integer> versions(String url, String subject);

  /** No answer. */
  record Unreachable(IOException failure) implements RegistryResponse {
    @Override
    public boolean isRetriable() {
      return true;
    }

    @Override
    public String description() {
      String message = failure.getMessage();
      String kind = failure.getClass().getSimpleName();
      return message == null ? kind : kind + ": " + message;
    }

    @Override
    public Optional<String> schema(String url, String subject) {
      throw new IllegalStateException("There was no answer");
    }

    @Override
    public List<Integer> versions(String url, String subject) {
      throw new IllegalStateException("There was no answer");
    }
  }

  /** An answer by HTTP. */
  record HttpResponse(int status, String body) implements RegistryResponse {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public boolean isRetriable() {
      return status == 429 || status >= 500;
    }

    @Override
    public String description() {
      return "HTTP status " + status;
    }

    @Override
    public Optional<String> schema(String url, String subject) {
      return isThere(url, subject) ? Optional.of(avro(json(), url, subject)) : Optional.empty();
    }

    @Override
    public List<Integer> versions(String url, String subject) {
      if (!isThere(url, subject)) {
        return List.of();
      }
      JsonNode json = json();
      if (json == null || !json.isArray()) {
        throw failed(url, subject, "with no list of versions; check " + RegistryConfig.URL);
      }
      List<Integer> versions = new ArrayList<>();
      json.forEach(version -> versions.add(version.asInt()));
      return versions;
    }

    /** Whether what was asked for is there. */
    private boolean isThere(String url, String subject) {
      return switch (status) {
        case 200 -> true;
        case 404 -> {
          JsonNode json = json();
          // A 404 that is none of the registry's own says that something else is there.
          if (json == null || !json.has("error_code")) {
            throw failed(url, subject, "check the path in " + RegistryConfig.URL);
          }
          yield false;
        }
        case 401, 403 ->
            throw failed(
                url,
                subject,
                "check "
                    + RegistryConfig.USER_INFO
                    + " or "
                    + RegistryConfig.KEY_STORE
                    + ", and that it is allowed to read the subject");
        default -> throw failed(url, subject, "check " + RegistryConfig.URL);
      };
    }

    private String avro(@Nullable JsonNode json, String url, String subject) {
      if (json == null || !json.path("schema").isTextual()) {
        throw failed(url, subject, "with no schema in it; check " + RegistryConfig.URL);
      }
      String type = json.path("schemaType").asText("AVRO");
      if (!type.equals("AVRO")) {
        throw new ConnectException(
            "The latest schema of %s in the schema registry at %s is of the type %s. Columns can be taken over from Avro only: leave out %s, or write with an Avro converter"
                .formatted(subject, url, type, RegistryConfig.URL));
      }
      return json.path("schema").asText();
    }

    private ConnectException failed(String url, String subject, String advice) {
      return new ConnectException(
          "The schema registry at %s answered the question for the latest schema of %s with %s: %s"
              .formatted(url, subject, description(), advice));
    }

    private @Nullable JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        return null;
      }
    }
  }
}
