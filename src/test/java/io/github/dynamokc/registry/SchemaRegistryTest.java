package io.github.dynamokc.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.RegistryConfig;
import io.github.dynamokc.registry.RegistryServer.Reply;
import io.github.dynamokc.testing.ImpatientLatch;
import io.github.dynamokc.testing.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistryTest {
  private static final Reply FOUND =
      new Reply(200, "{\"subject\":\"s\",\"version\":3,\"id\":7,\"schema\":\"\\\"string\\\"\"}");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ImpatientLatch stopped = new ImpatientLatch();
  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));

  /** Each look at the clock takes three seconds. */
  private Retrier calls() {
    return new Retrier(
        stopped,
        () -> {
          clock.advance(Duration.ofSeconds(3));
          return clock.instant();
        },
        new Random(1),
        LIMIT);
  }

  private SchemaRegistry registry(String url, @Nullable String userInfo) {
    return registry(url, userInfo, Duration.ofSeconds(10));
  }

  private SchemaRegistry registry(String url, @Nullable String userInfo, Duration timeout) {
    Password password = userInfo == null ? null : new Password(userInfo);
    return new SchemaRegistry(
        new RegistryConfig(URI.create(url), password, null, null, null), calls(), timeout);
  }

  @Test
  void theClientAsksForTheLatestVersionOfAnEscapedSubject() throws Exception {
    try (RegistryServer server = RegistryServer.http(FOUND)) {
      assertThat(registry(server.url() + "/apis/ccompat/v7/", null).latest("a/b c+ä").avro())
          .contains("\"string\"");
      assertThat(server.requests())
          .containsExactly(
              new RegistryServer.Request(
                  "/apis/ccompat/v7/subjects/a%2Fb%20c%2B%C3%A4/versions/latest",
                  "application/vnd.schemaregistry.v1+json", ""));
    }
  }

  @Test
  void theClientAsksForEarlierVersionsNewestFirst() throws Exception {
    try (RegistryServer server =
        RegistryServer.http(
            new Reply(200, "[1,2,4,7]"),
            new Reply(200, "{\"schema\":\"four\"}"),
            new Reply(404, "{\"error_code\":40402,\"message\":\"deleted\"}"),
            new Reply(200, "{\"schema\":\"one\"}"))) {
      assertThat(registry(server.url(), null).latest("s").earlier()).containsExactly("four", "one");
      assertThat(server.requests())
          .extracting(RegistryServer.Request::uri)
          .containsExactly(
              "/subjects/s/versions",
              "/subjects/s/versions/4",
              "/subjects/s/versions/2",
              "/subjects/s/versions/1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[1]"})
  void aSubjectOfOneVersionOrNoneHasNoEarlierOnes(String versions) throws Exception {
    try (RegistryServer server = RegistryServer.http(new Reply(200, versions))) {
      assertThat(registry(server.url(), null).latest("s").earlier()).isEmpty();
    }
  }

  @Test
  void aMalformedListOfVersionsFails() throws Exception {
    try (RegistryServer server = RegistryServer.http(new Reply(200, "{}"))) {
      assertThatThrownBy(() -> registry(server.url(), null).latest("s").earlier())
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("no list of versions");
    }
  }

  @Test
  void theClientSendsItsCredentials() throws Exception {
    try (RegistryServer server = RegistryServer.http(FOUND)) {
      registry(server.url(), "me:sec:ret").latestAvro("s");
      assertThat(server.requests().get(0).authorization()).isEqualTo("Basic bWU6c2VjOnJldA==");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40401, 40402, 40403, 404})
  void aMissingSubjectHasNoSchema(int code) throws Exception {
    Reply notFound = new Reply(404, "{\"error_code\":" + code + ",\"message\":\"not found\"}");
    try (RegistryServer server = RegistryServer.http(notFound)) {
      assertThat(registry(server.url(), null).latestAvro("s")).isEmpty();
    }
  }

  @Test
  void transientFailuresAreRetried() throws Exception {
    try (RegistryServer server =
        RegistryServer.http(
            new Reply(500, "oops"), new Reply(429, ""), RegistryServer.CUT, FOUND)) {
      assertThat(registry(server.url(), null).latestAvro("s")).contains("\"string\"");
      assertThat(server.requests()).hasSizeGreaterThanOrEqualTo(4);
      // After a cut connection, Java may ask again by itself.
      assertThat(stopped.waits()).filteredOn(wait -> !wait.isZero()).hasSizeBetween(2, 3);
    }
  }

  @Test
  void lastingFailuresFailWhenPatienceEnds() throws Exception {
    try (RegistryServer server = RegistryServer.http(new Reply(503, "secret words"))) {
      assertThatThrownBy(() -> registry(server.url(), "me:secret").latestAvro("orders-value"))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining(server.url())
          .hasMessageContaining("orders-value")
          .hasMessageContaining("stall.timeout.ms=10000")
          .hasMessageEndingWith("HTTP status 503.")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void anAnswerThatStopsInItsMiddleIsATransientFailure() throws Exception {
    try (RegistryServer server = RegistryServer.http(RegistryServer.HALF, FOUND)) {
      assertThat(registry(server.url(), null, Duration.ofMillis(300)).latestAvro("s")).isPresent();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void anAbsentRegistryFailsWhenPatienceEnds() throws IOException {
    String url;
    try (RegistryServer server = RegistryServer.http(FOUND)) {
      url = server.url();
    }
    assertThatThrownBy(() -> registry(url, null).latestAvro("orders-value"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(url)
        .hasMessageContaining("ConnectException");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "401; {}; struct.registry.basic.auth.user.info",
        "403; {}; allowed to read",
        "404; <html>; check the path in struct.registry.url",
        "404; {}; check the path in struct.registry.url",
        "302; ; HTTP status 302",
        "406; {}; HTTP status 406",
        "200; <html>; no schema in it",
        "200; {\"schema\":1}; no schema in it",
        "200; {\"schema\":\"{}\",\"schemaType\":\"JSON\"}; of the type JSON",
        "200; {\"schema\":\"x\",\"schemaType\":\"PROTOBUF\"}; of the type PROTOBUF",
      })
  void permanentFailuresFailAtOnce(int status, @Nullable String body, String says)
      throws IOException {
    try (RegistryServer server = RegistryServer.http(new Reply(status, body == null ? "" : body))) {
      assertThatThrownBy(() -> registry(server.url(), "me:secret").latestAvro("orders-value"))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("orders-value")
          .hasMessageContaining(server.url())
          .hasMessageContaining(says)
          .hasMessageNotContaining("me:")
          .hasMessageNotContaining("secret");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void theClientAsksNothingOnceTheWorkIsStopped() throws IOException {
    stopped.countDown();
    try (RegistryServer server = RegistryServer.http(FOUND)) {
      assertThatThrownBy(() -> registry(server.url(), null).latestAvro("s"))
          .isInstanceOf(InterruptedException.class);
      assertThat(server.requests()).isEmpty();
    }
  }
}
