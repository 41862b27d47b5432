package io.github.dynamokc.testing.registry;

import io.github.dynamokc.testing.EmbeddedJars;
import io.github.dynamokc.testing.JvmProcess;
import io.github.dynamokc.testing.WorkDirectory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Apicurio's schema registry in a JVM of its own, on loopback, in memory. It speaks the API of
 * Confluent's registry too, so that it stands for both.
 */
public final class SchemaRegistry implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final JvmProcess process;
  private final int port;

  private SchemaRegistry(JvmProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a registry; its log and its temporary files go to {@code workDirectory}. */
  public static SchemaRegistry start(Path workDirectory) {
    int port = JvmProcess.freePort();
    Path temporary = WorkDirectory.empty(workDirectory.resolve("tmp"));
    JvmProcess process =
        JvmProcess.start(
            "schema-registry",
            workDirectory.resolve("schema-registry.log"),
            List.of(EmbeddedJars.classPath("registry")),
            List.of(
                "-Xmx256m",
                // It does little, and starts in less time when little of it is compiled well.
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port),
            "io.quarkus.runner.GeneratedMain",
            List.of());
    try {
      // The port is opened last of all.
      process.awaitPort(port, START);
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
    return new SchemaRegistry(process, port);
  }

  /** Where both APIs are. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The API of Confluent's registry. */
  public URI confluentUri() {
    return confluent(uri());
  }

  /** Apicurio's own API, which its converter speaks. */
  public URI apicurioUri() {
    return apicurio(uri());
  }

  static URI confluent(URI registry) {
    return registry.resolve("/apis/ccompat/v7");
  }

  static URI apicurio(URI registry) {
    return registry.resolve("/apis/registry/v2");
  }

  /** Confluent's client of this registry. */
  public RegistryClient client() {
    return new RegistryClient(confluentUri());
  }

  /**
   * Settings of a worker or connector that make Apicurio's converter write Avro as Confluent's
   * does: a zero byte, four bytes of schema id, the datum.
   *
   * @param prefix {@code key.converter} or {@code value.converter}
   */
  public Map<String, String> avroConverter(String prefix) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(prefix, "io.apicurio.registry.utils.converter.AvroConverter");
    settings.put(prefix + ".apicurio.registry.url", apicurioUri().toString());
    settings.put(prefix + ".apicurio.registry.auto-register", "true");
    settings.put(prefix + ".apicurio.registry.as-confluent", "true");
    settings.put(prefix + ".apicurio.registry.use-id", "contentId");
    settings.put(prefix + ".apicurio.registry.headers.enabled", "false");
    return settings;
  }

  /** The last lines of the log. */
  public String logTail() {
    return process.logTail();
  }

  @Override
  public void close() {
    process.kill();
  }
}
