package io.github.dynamokc.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The schema registry in which tasks agree about the columns of a table.
 *
 * @param url its address, without user and password
 * @param userInfo {@code user:password} for basic authentication, null for none
 * @param trustStore the certificates to trust, null for those of the Java runtime
 * @param keyStore the client's own key and certificate, null for none
 * @param keyPassword of the key in the key store, null if it is the store's
 */
public record RegistryConfig(
    URI url,
    @Nullable Password userInfo,
    @Nullable Store trustStore,
    @Nullable Store keyStore,
    @Nullable Password keyPassword) {
  public static final String URL = "struct.registry.url";
  public static final String USER_INFO = "struct.registry.basic.auth.user.info";
  public static final String TRUST_STORE = "struct.registry.ssl.truststore.location";
  public static final String TRUST_STORE_PASSWORD = "struct.registry.ssl.truststore.password";
  public static final String KEY_STORE = "struct.registry.ssl.keystore.location";
  public static final String KEY_STORE_PASSWORD = "struct.registry.ssl.keystore.password";
  public static final String KEY_PASSWORD = "struct.registry.ssl.key.password";

  /**
   * A file of keys or certificates, JKS or PKCS12.
   *
   * @param key the configuration key that names it, for messages
   */
  public record Store(String key, String location, @Nullable Password password) {}

  static void define(ConfigGroup group) {
    group
        .add(
            ConfigKey.of(
                    URL,
                    "Schema registry",
                    "Address of the schema registry that the value converter writes to, as"
                        + " https://host or http://host:8081. With struct.schema=columns, columns are claimed and looked"
                        + " up there, so that an attribute has one type after restarts and in all tasks. Without it,"
                        + " that of an AvroConverter in value.converter, with its user and stores.")
                .check(Validators.ENDPOINT)
                .wide()
                .dependents(USER_INFO, TRUST_STORE, KEY_STORE))
        .add(
            ConfigKey.of(
                    USER_INFO,
                    "Schema registry user",
                    "User and password for the schema registry, as user:password.")
                .secret()
                .check(RegistryConfig::checkUserInfo)
                .shownWhen(VisibleWhen.whenSet(URL)))
        .add(
            file(
                    TRUST_STORE,
                    "Schema registry trust store",
                    "File with the certificates to trust when the schema registry is asked, JKS or PKCS12. Without"
                        + " it, those of the Java runtime.")
                .dependents(TRUST_STORE_PASSWORD))
        .add(
            password(
                TRUST_STORE_PASSWORD,
                "Schema registry trust store password",
                "Password of the trust store for the schema registry.",
                TRUST_STORE))
        .add(
            file(
                    KEY_STORE,
                    "Schema registry key store",
                    "File with the key and certificate that the schema registry knows the connector by, JKS or"
                        + " PKCS12.")
                .dependents(KEY_STORE_PASSWORD, KEY_PASSWORD))
        .add(
            password(
                KEY_STORE_PASSWORD,
                "Schema registry key store password",
                "Password of the key store for the schema registry.",
                KEY_STORE))
        .add(
            password(
                KEY_PASSWORD,
                "Schema registry key password",
                "Password of the key in the key store for the schema registry. Without it, the key store's.",
                KEY_STORE));
  }

  private static ConfigKey file(String key, String displayName, String documentation) {
    return ConfigKey.of(key, displayName, documentation)
        .importance(Importance.LOW)
        .wide()
        .shownWhen(VisibleWhen.whenSet(URL));
  }

  private static ConfigKey password(
      String key, String displayName, String documentation, String store) {
    return ConfigKey.of(key, displayName, documentation)
        .secret()
        .importance(Importance.LOW)
        .shownWhen(VisibleWhen.whenSet(store));
  }

  /** Null without an address. */
  static @Nullable RegistryConfig from(AbstractConfig config) {
    String url = ConfigValues.optionalText(config, URL);
    return url == null ? null : from(config, URI.create(url));
  }

  /** What is written, for a registry at an address. */
  static RegistryConfig from(AbstractConfig config, URI url) {
    return new RegistryConfig(
        url,
        ConfigValues.optionalSecret(config, USER_INFO),
        store(config, TRUST_STORE, TRUST_STORE_PASSWORD),
        store(config, KEY_STORE, KEY_STORE_PASSWORD),
        ConfigValues.optionalSecret(config, KEY_PASSWORD));
  }

  private static @Nullable Store store(AbstractConfig config, String key, String passwordKey) {
    String location = ConfigValues.optionalText(config, key);
    return location == null
        ? null
        : new Store(key, location, ConfigValues.optionalSecret(config, passwordKey));
  }

  /** The problems between these keys. */
  static List<ConfigProblem> problems(RawConfig props) {
    List<ConfigProblem> problems = new ArrayList<>();
    if (ConverterRegistry.of(props.props()).config() == null) {
      for (String key : List.of(USER_INFO, TRUST_STORE, KEY_STORE)) {
        requireBeside(props, key, URL, problems);
      }
    }
    requireBeside(props, TRUST_STORE_PASSWORD, TRUST_STORE, problems);
    requireBeside(props, KEY_STORE_PASSWORD, KEY_STORE, problems);
    requireBeside(props, KEY_PASSWORD, KEY_STORE, problems);
    return problems;
  }

  private static void requireBeside(
      RawConfig props, String key, String other, List<ConfigProblem> problems) {
    if (props.has(key) && !props.has(other)) {
      problems.add(
          new ConfigProblem(key, "must be written beside " + other + ", which is not set"));
    }
  }

  /** Its message never shows the text: it is a secret. */
  private static void checkUserInfo(String name, @Nullable Object value) {
    if (value instanceof Password userInfo
        && userInfo.value() != null
        && !userInfo.value().isBlank()
        && userInfo.value().indexOf(':') < 1) {
      throw InvalidValueException.unshown(name, "must be user:password, is without a user");
    }
  }
}
