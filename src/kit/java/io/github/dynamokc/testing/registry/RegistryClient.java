package io.github.dynamokc.testing.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;

/**
 * Confluent's own client, as consumers have it: what it cannot do with our subjects and schemas,
 * they cannot. It comes in packages of Flink's, the only ones in which it is on Maven Central.
 */
public final class RegistryClient {
  private static final int CACHED_SCHEMAS = 1000;

  private final SchemaRegistryClient client;

  /**
   * @param registry the base of the Confluent API
   */
  public RegistryClient(URI registry) {
    this.client = new CachedSchemaRegistryClient(registry.toString(), CACHED_SCHEMAS);
  }

  public List<String> subjects() {
    return ask("subjects", client::getAllSubjects).stream().sorted().toList();
  }

  public List<Integer> versions(String subject) {
    return ask("versions of " + subject, () -> client.getAllVersions(subject));
  }

  /** Registers a schema and gives its id. */
  public int register(String subject, String schema) {
    return ask(
        "registration of " + subject, () -> client.register(subject, new AvroSchema(schema)));
  }

  /** The JSON of the schema that was registered last. */
  public String latest(String subject) {
    return ask("latest of " + subject, () -> client.getLatestSchemaMetadata(subject).getSchema());
  }

  /** The JSON of a schema. */
  public String schema(int id) {
    return parsed(id).toString();
  }

  /** Sets the compatibility, for instance BACKWARD, that versions of a subject must have. */
  public void compatibility(String subject, String level) {
    ask("compatibility of " + subject, () -> client.updateCompatibility(subject, level));
  }

  Schema parsed(int id) {
    return ask("schema " + id, () -> (AvroSchema) client.getSchemaById(id)).rawSchema();
  }

  private static <T> T ask(String what, Request<T> request) {
    try {
      return request.send();
    } catch (RestClientException e) {
      throw new IllegalStateException("The registry refuses " + what + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("The registry does not answer for " + what, e);
    }
  }

  private interface Request<T> {
    T send() throws IOException, RestClientException;
  }
}
