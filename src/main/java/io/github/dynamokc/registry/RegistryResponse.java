package io.github.dynamokc.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.config.RegistryConfig;
import io.github.dynamokc.struct.SchemaSubject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** What came of a request about the versions of a subject. */
sealed interface RegistryResponse {

  /** Whether it may be another one later. */
  boolean isRetriable();

  /** For messages. */
  String description();

  /**
   * The version in it.
   *
   * @throws ConnectException if it does not say
   */
  SchemaSubject.Version version(String url, String subject);

  /**
   * What it says of a version that was to be added.
   *
   * @throws ConnectException if it does not say
   */
  SchemaSubject.Registration registration(String url, String subject);

  /** What is sent to add a version. */
  static String body(String avro) {
    return HttpResponse.JSON.createObjectNode().put("schema", avro).toString();
  }

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
    public SchemaSubject.Version version(String url, String subject) {
      throw new IllegalStateException("There was no answer");
    }

    @Override
    public SchemaSubject.Registration registration(String url, String subject) {
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
    private static final int MOST_OF_A_REASON = 500;

    @Override
    public boolean isRetriable() {
      return status == 429 || status >= 500;
    }

    @Override
    public String description() {
      return "HTTP status " + status;
    }

    @Override
    public SchemaSubject.Version version(String url, String subject) {
      if (!isThere(url, subject)) {
        return new SchemaSubject.Version.Missing();
      }
      JsonNode json = json();
      if (json == null || !json.path("schema").isTextual()) {
        throw failed(url, subject, "with no schema in it; check " + RegistryConfig.URL);
      }
      String type = json.path("schemaType").asText("AVRO");
      return type.equals("AVRO")
          ? new SchemaSubject.Version.Avro(json.path("schema").asText())
          : new SchemaSubject.Version.NotAvro(type);
    }

    @Override
    public SchemaSubject.Registration registration(String url, String subject) {
      if (status == 409 || status == 422) {
        return new SchemaSubject.Registration.Refused(description() + reason());
      }
      if (!isThere(url, subject)) {
        throw failed(url, subject, "check the path in " + RegistryConfig.URL);
      }
      return new SchemaSubject.Registration.Accepted();
    }

    /** What the registry itself says, which may be long. */
    private String reason() {
      JsonNode json = json();
      String message = json == null ? "" : json.path("message").asText();
      return message.isEmpty()
          ? ""
          : ", " + message.substring(0, Math.min(MOST_OF_A_REASON, message.length()));
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
                    + ", and that reading the subject and adding versions to it is allowed");
        default -> throw failed(url, subject, "check " + RegistryConfig.URL);
      };
    }

    private ConnectException failed(String url, String subject, String advice) {
      return new ConnectException(
          "The schema registry at %s answered for the schemas of %s with %s: %s"
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
