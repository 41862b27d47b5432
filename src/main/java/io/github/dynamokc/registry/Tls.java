package io.github.dynamokc.registry;

import io.github.dynamokc.config.RegistryConfig;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Whom to trust, and who the connector is, when a schema registry is asked. */
final class Tls {
  private Tls() {}

  /** A context with the stores that are configured, and Java's defaults for those that are not. */
  static SSLContext context(RegistryConfig config) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(config), trusted(config.trustStore()), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new ConnectException("TLS for the schema registry cannot be set up", e);
    }
  }

  private static KeyManager @Nullable [] keys(RegistryConfig config)
      throws GeneralSecurityException {
    RegistryConfig.Store store = config.keyStore();
    if (store == null) {
      return null;
    }
    Password password = config.keyPassword() == null ? store.password() : config.keyPassword();
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    try {
      factory.init(load(store), chars(password));
    } catch (GeneralSecurityException e) {
      throw unreadable(store, e);
    }
    return factory.getKeyManagers();
  }

  private static TrustManager @Nullable [] trusted(RegistryConfig.@Nullable Store store)
      throws GeneralSecurityException {
    if (store == null) {
      return null;
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(load(store));
    return factory.getTrustManagers();
  }

  private static KeyStore load(RegistryConfig.Store store) {
    try {
      return KeyStore.getInstance(new File(store.location()), chars(store.password()));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unreadable(store, e);
    }
  }

  private static ConnectException unreadable(RegistryConfig.Store store, Exception e) {
    return new ConnectException(
        "%s: %s cannot be read; check the file and its passwords"
            .formatted(store.key(), store.location()),
        e);
  }

  private static char @Nullable [] chars(@Nullable Password password) {
    return password == null ? null : password.value().toCharArray();
  }
}
