package io.github.dynamokc.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.RegistryConfig;
import io.github.dynamokc.registry.RegistryServer.Reply;
import io.github.dynamokc.struct.ColumnRegistry;
import io.github.dynamokc.struct.SchemaSubject;
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

  private static SchemaSubject values(SchemaRegistry registry, String topic) {
    return registry.columns(topic).values();
  }

  @Test
  void theClientReadsAVersionOfAnEscapedSubject() throws Exception {
    try (RegistryServer server = RegistryServer.http(FOUND)) {
      assertThat(values(registry(server.url() + "/apis/ccompat/v7/", null), "a/b c+ä").version(3))
          .isEqualTo(new SchemaSubject.Version.Avro("\"string\""));
      assertThat(server.requests())
          .containsExactly(
              new RegistryServer.Request(
                  "/apis/ccompat/v7/subjects/a%2Fb%20c%2B%C3%A4-value/versions/3",
                  "application/vnd.schemaregistry.v1+json", "", ""));
    }
  }

  @Test
  void versionsAreListed() throws Exception {
    try (RegistryServer server = RegistryServer.http(new Reply(200, "[1,2,4,7]"))) {
      assertThat(values(registry(server.url(), null), "s").versions()).containsExactly(1, 2, 4, 7);
      assertThat(server.requests())
          .extracting(RegistryServer.Request::uri)
          .containsExactly("/subjects/s-value/versions");
    }
  }

  @Test
  void aSchemaIsAddedToTheClaims() throws Exception {
    try (RegistryServer server = RegistryServer.http(new Reply(200, "{\"id\":7}"))) {
      SchemaSubject claims = registry(server.url(), null).columns("s").claims();
      assertThat(claims.register("{\"type\":\"string\"}"))
          .isEqualTo(new SchemaSubject.Registration.Accepted());
      assertThat(server.requests())
          .containsExactly(
              new RegistryServer.Request(
                  "/subjects/s-columns/versions",
                  "application/vnd.schemaregistry.v1+json",
                  "",
                  "{\"schema\":\"{\\\"type\\\":\\\"string\\\"}\"}"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 422})
  void aRefusedSchemaIsNoFailureYet(int status) throws Exception {
    try (RegistryServer server =
        RegistryServer.http(
            new Reply(status, "{\"error_code\":409,\"message\":\"it does not go with 3\"}"))) {
      assertThat(values(registry(server.url(), null), "s").register("{}"))
          .isEqualTo(
              new SchemaSubject.Registration.Refused(
                  "HTTP status " + status + ", it does not go with 3"));
    }
  }

  @ParameterizedTest
  @CsvSource({"401, struct.registry.basic.auth.user.info", "403, adding versions", "404, path"})
  void anAdditionThatIsNotAllowedFailsAtOnce(int status, String says) throws Exception {
    try (RegistryServer server =
        RegistryServer.http(new Reply(status, "{\"error_code\":404,\"message\":\"no\"}"))) {
      SchemaSubject values = values(registry(server.url(), null), "s");
      assertThatThrownBy(() -> values.register("{}"))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("s-value")
          .hasMessageContaining(says);
    }
  }

  @Test
  void anAdditionIsRepeatedAfterATransientFailure() throws Exception {
    try (RegistryServer server =
        RegistryServer.http(new Reply(500, "oops"), new Reply(200, "{\"id\":7}"))) {
      assertThat(values(registry(server.url(), null), "s").register("{}"))
          .isEqualTo(new SchemaSubject.Registration.Accepted());
    }
  }

  @Test
  void refusalsFailAfterAWhile() throws Exception {
    ColumnRegistry.Patience patience = registry("http://localhost", null).columns("s").patience();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 50; i++) {
                patience.afterRefusal("It is refused.");
              }
            })
        .isInstanceOf(ConnectException.class)
        .hasMessageEndingWith("It is refused.");
    assertThat(stopped.waits()).isNotEmpty();
  }

  @Test
  void whatStaysInvisibleFailsWhenPatienceEnds() throws Exception {
    ColumnRegistry.Patience patience = registry("http://localhost", null).columns("s").patience();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 50; i++) {
                patience.whileInvisible("It is not there.");
              }
            })
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("stall.timeout.ms=10000")
        .hasMessageEndingWith("It is not there.");
  }

  @ParameterizedTest
  @ValueSource(ints = {40401, 40402, 40403, 404})
  void anUnknownSubjectHasNoVersions(int code) throws Exception {
    Reply notFound = new Reply(404, "{\"error_code\":" + code + ",\"message\":\"not found\"}");
    try (RegistryServer server = RegistryServer.http(notFound)) {
      assertThat(values(registry(server.url(), null), "s").versions()).isEmpty();
    }
  }

  @Test
  void aMalformedListOfVersionsFails() throws Exception {
    try (RegistryServer server = RegistryServer.http(new Reply(200, "{}"))) {
      assertThatThrownBy(() -> values(registry(server.url(), null), "s").versions())
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("no list of versions");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"JSON", "PROTOBUF"})
  void aVersionThatIsNotAvroSaysWhatItIs(String type) throws Exception {
    try (RegistryServer server =
        RegistryServer.http(
            new Reply(200, "{\"schema\":\"{}\",\"schemaType\":\"" + type + "\"}"))) {
      assertThat(values(registry(server.url(), null), "s").version(1))
          .isEqualTo(new SchemaSubject.Version.NotAvro(type));
    }
  }

  @Test
  void theClientSendsItsCredentials() throws Exception {
    try (RegistryServer server = RegistryServer.http(FOUND)) {
      values(registry(server.url(), "me:sec:ret"), "s").version(1);
      assertThat(server.requests().get(0).authorization()).isEqualTo("Basic bWU6c2VjOnJldA==");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40401, 40402, 40403, 404})
  void aMissingVersionIsNoFailure(int code) throws Exception {
    Reply notFound = new Reply(404, "{\"error_code\":" + code + ",\"message\":\"not found\"}");
    try (RegistryServer server = RegistryServer.http(notFound)) {
      assertThat(values(registry(server.url(), null), "s").version(1))
          .isEqualTo(new SchemaSubject.Version.Missing());
    }
  }

  @Test
  void transientFailuresAreRetried() throws Exception {
    try (RegistryServer server =
        RegistryServer.http(
            new Reply(500, "oops"), new Reply(429, ""), RegistryServer.CUT, FOUND)) {
      assertThat(values(registry(server.url(), null), "s").version(1))
          .isEqualTo(new SchemaSubject.Version.Avro("\"string\""));
      assertThat(server.requests()).hasSizeGreaterThanOrEqualTo(4);
      // After a cut connection, Java may ask again by itself.
      assertThat(stopped.waits()).filteredOn(wait -> !wait.isZero()).hasSizeBetween(2, 3);
    }
  }

  @Test
  void lastingFailuresFailWhenPatienceEnds() throws Exception {
    try (RegistryServer server = RegistryServer.http(new Reply(503, "secret words"))) {
      assertThatThrownBy(() -> values(registry(server.url(), "me:secret"), "orders").version(1))
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
      assertThat(values(registry(server.url(), null, Duration.ofMillis(300)), "s").version(1))
          .isInstanceOf(SchemaSubject.Version.Avro.class);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void anAbsentRegistryFailsWhenPatienceEnds() throws IOException {
    String url;
    try (RegistryServer server = RegistryServer.http(FOUND)) {
      url = server.url();
    }
    assertThatThrownBy(() -> values(registry(url, null), "orders").version(1))
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
        "403; {}; is allowed",
        "404; <html>; check the path in struct.registry.url",
        "404; {}; check the path in struct.registry.url",
        "302; ; HTTP status 302",
        "406; {}; HTTP status 406",
        "200; <html>; no schema in it",
        "200; {\"schema\":1}; no schema in it",
      })
  void permanentFailuresFailAtOnce(int status, @Nullable String body, String says)
      throws IOException {
    try (RegistryServer server = RegistryServer.http(new Reply(status, body == null ? "" : body))) {
      assertThatThrownBy(() -> values(registry(server.url(), "me:secret"), "orders").version(1))
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
      assertThatThrownBy(() -> values(registry(server.url(), null), "s").version(1))
          .isInstanceOf(InterruptedException.class);
      assertThat(server.requests()).isEmpty();
    }
  }
}
