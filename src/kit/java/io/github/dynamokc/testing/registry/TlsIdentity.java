package io.github.dynamokc.testing.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A server's key and certificate for loopback, signed by itself and made for one run of the tests:
 * nobody trusts it who has not been given the trust store.
 */
public final class TlsIdentity {
  private static final String ALIAS = "loopback";
  private static final String PASSWORD = "for-one-run";
  private static final String TYPE = "PKCS12";

  private final KeyStore keys;
  private final Path trustStore;

  private TlsIdentity(KeyStore keys, Path trustStore) {
    this.keys = keys;
    this.trustStore = trustStore;
  }

  /** Makes an identity, whose key store and trust store go to {@code workDirectory}. */
  public static TlsIdentity create(Path workDirectory) {
    Path keyStore = workDirectory.resolve("server.p12").toAbsolutePath();
    Path trustStore = workDirectory.resolve("trust.p12").toAbsolutePath();
    try {
      Files.deleteIfExists(keyStore);
      generate(keyStore, workDirectory.resolve("keytool.log"));
      KeyStore keys = KeyStore.getInstance(TYPE);
      try (InputStream in = Files.newInputStream(keyStore)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      KeyStore trusted = KeyStore.getInstance(TYPE);
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
      try (OutputStream out = Files.newOutputStream(trustStore)) {
        trusted.store(out, PASSWORD.toCharArray());
      }
      return new TlsIdentity(keys, trustStore);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot make a certificate", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a certificate in " + workDirectory, e);
    }
  }

  /** The JDK has no API to make a certificate, but a tool. */
  private static void generate(Path keyStore, Path log) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-validity",
                "30",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                TYPE,
                "-keystore",
                keyStore.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        keytool.destroyForcibly();
        throw new IllegalStateException("keytool failed: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while making a certificate", e);
    }
  }

  SSLContext serverContext() {
    try {
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot use the certificate", e);
    }
  }

  /** A PKCS12 file with the certificate alone. */
  public Path trustStore() {
    return trustStore;
  }

  public String trustStorePassword() {
    return PASSWORD;
  }
}
