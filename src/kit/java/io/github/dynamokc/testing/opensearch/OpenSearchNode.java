package io.github.dynamokc.testing.opensearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.dynamokc.testing.EmbeddedJars;
import io.github.dynamokc.testing.JvmProcess;
import io.github.dynamokc.testing.WorkDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of one OpenSearch node in a JVM of its own, on loopback, and the few requests that a
 * sink sends to one. Documents are written with versions of the sender's: an older one than what
 * the index has seen is ignored, as the sinks do.
 */
public final class OpenSearchNode implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);
  private static final int PAGE = 1000;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final JvmProcess process;
  private final int port;

  private OpenSearchNode(JvmProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts an empty node, with data and log in {@code workDirectory}. */
  public static OpenSearchNode start(Path workDirectory) {
    int port = JvmProcess.freePort();
    Path home = WorkDirectory.empty(workDirectory.resolve("home"));
    Path temporary = WorkDirectory.empty(workDirectory.resolve("tmp"));
    JvmProcess process =
        JvmProcess.start(
            "opensearch",
            workDirectory.resolve("opensearch.log"),
            List.of(ownClasses().toString(), EmbeddedJars.classPath("opensearch")),
            List.of(
                "-Xmx512m",
                // It does little, and starts in less time when little of it is compiled well.
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.level=WARN",
                "-Djava.io.tmpdir=" + temporary,
                "-Djna.tmpdir=" + temporary),
            OpenSearchMain.class.getName(),
            List.of(
                home.toString(), Integer.toString(port), Integer.toString(JvmProcess.freePort())));
    OpenSearchNode node = new OpenSearchNode(process, port);
    try {
      process.await("answer over HTTP", START, node::answers);
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
    return node;
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          OpenSearchMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The classes of the kit have no location", e);
    }
  }

  private boolean answers() {
    try {
      return send("GET", "/_cluster/health", null).statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Makes an index that keeps documents as they are, of whatever shape: what a field is mapped to
   * is between a user and OpenSearch.
   *
   * <p>It remembers for a day which version a document was deleted with. By default it forgets
   * after a minute, and takes an older write that comes later than that, for instance after a sink
   * stood still, as a new document: the deleted one would be back for good.
   */
  public void createIndex(String index) {
    expectOk(
        "PUT",
        "/" + index,
        """
        {"settings":
           {"index":
             {"gc_deletes":"1d","number_of_shards":1,"number_of_replicas":0,
              "refresh_interval":-1,"translog.durability":"async"}},
         "mappings":{"dynamic":false}}
        """);
  }

  /**
   * Writes a document unless the index has seen this version or a later one of it.
   *
   * @return whether it was written
   */
  public boolean index(String index, String id, long version, String document) {
    return isApplied(send("PUT", path(index, id) + external(version), document));
  }

  /**
   * Deletes a document, if there is one, unless the index has seen this version or a later one of
   * it. An older write that comes later is ignored.
   *
   * @return whether it was deleted or, if it was not there, remembered as deleted
   */
  public boolean delete(String index, String id, long version) {
    HttpResponse<String> response = send("DELETE", path(index, id) + external(version), null);
    return response.statusCode() == NOT_FOUND || isApplied(response);
  }

  /** Writes a document whatever the index has seen: what a sink without versions does. */
  public void overwrite(String index, String id, String document) {
    expectOk("PUT", path(index, id), document);
  }

  /** Deletes a document whatever the index has seen: what a sink without versions does. */
  public void deleteAnyway(String index, String id) {
    HttpResponse<String> response = send("DELETE", path(index, id), null);
    if (response.statusCode() != NOT_FOUND) {
      isApplied(response);
    }
  }

  /** All documents by id, numbers as exact as they were written. */
  public Map<String, JsonNode> documents(String index) {
    refresh(index);
    Map<String, JsonNode> documents = new TreeMap<>();
    JsonNode page =
        expectOk("POST", "/" + index + "/_search?scroll=1m", "{\"size\":%d}".formatted(PAGE));
    while (!page.at("/hits/hits").isEmpty()) {
      page.at("/hits/hits")
          .forEach(hit -> documents.put(hit.path("_id").asText(), hit.path("_source")));
      String scroll = page.path("_scroll_id").asText();
      page =
          expectOk(
              "POST",
              "/_search/scroll",
              "{\"scroll\":\"1m\",\"scroll_id\":\"%s\"}".formatted(scroll));
    }
    return documents;
  }

  /** Makes what was written visible to searches. */
  public void refresh(String index) {
    expectOk("POST", "/" + index + "/_refresh", null);
  }

  private static boolean isApplied(HttpResponse<String> response) {
    if (response.statusCode() == CONFLICT) {
      return false;
    }
    checkOk(response);
    return true;
  }

  private static String path(String index, String id) {
    String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    return "/" + index + "/_doc/" + encoded;
  }

  private static String external(long version) {
    return "?version_type=external&version=" + version;
  }

  private JsonNode expectOk(String method, String path, @Nullable String body) {
    HttpResponse<String> response = send(method, path, body);
    checkOk(response);
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("No JSON: " + response.body(), e);
    }
  }

  private static void checkOk(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          "%s %s: %d %s"
              .formatted(
                  response.request().method(),
                  response.uri(),
                  response.statusCode(),
                  response.body()));
    }
  }

  private HttpResponse<String> send(String method, String path, @Nullable String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking OpenSearch", e);
    }
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
