package io.github.dynamokc.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.RegistryConfig;
import io.github.dynamokc.config.RegistryConfig.Store;
import io.github.dynamokc.registry.RegistryServer.Reply;
import io.github.dynamokc.struct.SchemaSubject;
import io.github.dynamokc.testing.ImpatientLatch;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry with a certificate of its own, which asks for that of the client. */
class TlsTest {
  private static final String STORE_PASSWORD = "store-secret";
  private static final String KEY_PASSWORD = "key-secret";
  private static final Reply FOUND = new Reply(200, "{\"schema\":\"\\\"int\\\"\"}");

  @TempDir static Path directory;
  private static Path server;
  private static Path client;
  private static Path trusted;
  private static Path clients;

  @BeforeAll
  static void makeStores() throws Exception {
    server = keyPair("server.p12", "PKCS12", STORE_PASSWORD);
    client = keyPair("client.jks", "JKS", KEY_PASSWORD);
    trusted = certificateOf(server, STORE_PASSWORD, "trusted.jks", "JKS");
    clients = certificateOf(client, KEY_PASSWORD, "clients.p12", "PKCS12");
  }

  private static Store store(String key, Path file) {
    return new Store(key, file.toString(), new Password(STORE_PASSWORD));
  }

  private static RegistryConfig config(
      String url, @Nullable Store trust, @Nullable Store keys, @Nullable String keyPassword) {
    return new RegistryConfig(
        URI.create(url), null, trust, keys, keyPassword == null ? null : new Password(keyPassword));
  }

  private static SchemaRegistry registry(RegistryConfig config) {
    return new SchemaRegistry(
        config, new Retrier(new ImpatientLatch(), Clock.systemUTC(), new Random(1), Duration.ZERO));
  }

  private static RegistryServer start() throws IOException {
    Store keys = store("keys", server);
    Store trust = store("trust", clients);
    return RegistryServer.https(Tls.context(config("https://unused", trust, keys, null)), FOUND);
  }

  @Test
  void storesOfEitherTypeAuthenticateBothSides() throws Exception {
    try (RegistryServer https = start()) {
      RegistryConfig config =
          config(https.url(), store("trust", trusted), store("keys", client), KEY_PASSWORD);
      assertThat(registry(config).columns("s").values().version(1))
          .isEqualTo(new SchemaSubject.Version.Avro("\"int\""));
    }
  }

  @Test
  void anUntrustedServerGetsNoRequest() throws Exception {
    try (RegistryServer https = start()) {
      RegistryConfig config = config(https.url(), null, store("keys", client), KEY_PASSWORD);
      assertThatThrownBy(() -> registry(config).columns("s").values().version(1))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("SSLHandshakeException");
      assertThat(https.requests()).isEmpty();
    }
  }

  @Test
  void aClientWithoutACertificateGetsNoAnswer() throws Exception {
    try (RegistryServer https = start()) {
      RegistryConfig config = config(https.url(), store("trust", trusted), null, null);
      assertThatThrownBy(() -> registry(config).columns("s").values().version(1))
          .isInstanceOf(ConnectException.class);
      assertThat(https.requests()).isEmpty();
    }
  }

  @Test
  void anUnreadableStoreIsNamedWithoutItsPasswords() throws IOException {
    Path none = directory.resolve("none.jks");
    Path text = Files.writeString(directory.resolve("text"), "no store");
    Store wrong = new Store("the.key", server.toString(), new Password("wrong-secret"));
    for (Store store : List.of(store("the.key", none), store("the.key", text), wrong)) {
      assertUnreadable(config("https://r", store, null, null));
      assertUnreadable(config("https://r", null, store, null));
    }
    assertUnreadable(config("https://r", null, store("the.key", client), "wrong-secret"));
  }

  private static void assertUnreadable(RegistryConfig config) {
    assertThat(config.toString()).doesNotContain("secret");
    assertThatThrownBy(() -> registry(config))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("the.key: ")
        .hasMessageContaining(directory.toString())
        .hasStackTraceContaining("the.key")
        .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("secret"));
  }

  private static Path keyPair(String file, String type, String keyPassword) throws Exception {
    Path store = directory.resolve(file);
    keytool(
        "-genkeypair",
        "-alias",
        "key",
        "-keyalg",
        "EC",
        "-dname",
        "CN=test",
        "-ext",
        "san=ip:127.0.0.1",
        "-keystore",
        store.toString(),
        "-storetype",
        type,
        "-storepass",
        STORE_PASSWORD,
        "-keypass",
        keyPassword);
    return store;
  }

  private static Path certificateOf(Path keys, String keyPassword, String file, String type)
      throws Exception {
    Path certificate = directory.resolve(file + ".pem");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "key",
        "-keystore",
        keys.toString(),
        "-storepass",
        STORE_PASSWORD,
        "-keypass",
        keyPassword,
        "-file",
        certificate.toString());
    Path store = directory.resolve(file);
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "key",
        "-file",
        certificate.toString(),
        "-keystore",
        store.toString(),
        "-storetype",
        type,
        "-storepass",
        STORE_PASSWORD);
    return store;
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
