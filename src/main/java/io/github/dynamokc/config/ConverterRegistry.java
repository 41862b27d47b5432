package io.github.dynamokc.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * What the settings of an Avro converter say about its schema registry, those of Confluent's and of
 * Apicurio's.
 *
 * @param config the registry, null if they do not say which, or how to be let in
 * @param obstacle the key because of which it is null, null if there is no such key
 */
record ConverterRegistry(@Nullable RegistryConfig config, @Nullable String obstacle) {
  private static final String PREFIX = RecordConfig.VALUE_CONVERTER + ".";
  private static final String CONFLUENT = "schema.registry.";
  private static final String URL = CONFLUENT + "url";
  private static final String CREDENTIALS = "basic.auth.credentials.source";
  private static final String BEARER = "bearer.auth.credentials.source";
  private static final String APICURIO = "apicurio.registry.";
  private static final String APICURIO_URL = APICURIO + "url";
  private static final String APICURIO_AUTH = "apicurio.auth.";
  private static final String GROUP = APICURIO + "artifact.group-id";

  /** Apicurio's own API has its version behind it; the other one is beside it. */
  private static final String APICURIO_PATH = "/apis/registry/v\\d+/*$";

  private static final String CONFLUENT_PATH = "/apis/ccompat/v7";

  static ConverterRegistry of(Map<String, String> props) {
    Settings settings = new Settings(new RawConfig(props));
    if (ConverterKind.of(props.get(RecordConfig.VALUE_CONVERTER)) != ConverterKind.AVRO) {
      return new ConverterRegistry(null, null);
    }
    return settings.has(URL)
        ? confluent(settings)
        : settings.has(APICURIO_URL) ? apicurio(settings) : new ConverterRegistry(null, null);
  }

  /** What is written for the connector, and the rest from the converter if that is the same one. */
  @Nullable RegistryConfig completing(AbstractConfig config) {
    RegistryConfig written = RegistryConfig.from(config);
    RegistryConfig ours = this.config;
    if (ours == null || (written != null && !isSameServer(written.url(), ours.url()))) {
      return written;
    }
    RegistryConfig own = RegistryConfig.from(config, written == null ? ours.url() : written.url());
    return new RegistryConfig(
        own.url(),
        own.userInfo() == null ? ours.userInfo() : own.userInfo(),
        own.trustStore() == null ? ours.trustStore() : own.trustStore(),
        own.keyStore() == null ? ours.keyStore() : own.keyStore(),
        own.keyStore() == null ? ours.keyPassword() : own.keyPassword());
  }

  /** Secrets of the converter are for the server that they were written for. */
  private static boolean isSameServer(URI one, URI other) {
    return Objects.equals(one.getScheme(), other.getScheme())
        && Objects.equals(one.getHost(), other.getHost())
        && one.getPort() == other.getPort();
  }

  /**
   * Whether the converter registers the very schemas that it is given, under the subject that is
   * usual: no transform is before it, and it was not told otherwise.
   */
  static boolean registersAsGiven(Map<String, String> props) {
    Settings settings = new Settings(new RawConfig(props));
    boolean registers =
        (settings.has(APICURIO_URL) && !settings.has(URL))
            ? settings.is(APICURIO + "auto-register", "true")
            : !settings.is("auto.register.schemas", "false");
    return registers
        && !new RawConfig(props).has("transforms")
        && !settings.is("connect.meta.data", "false")
        && namesSubjectsAsUsual(props);
  }

  /** Whether the subject of the values is {@code <topic>-value}. */
  static boolean namesSubjectsAsUsual(Map<String, String> props) {
    return new Settings(new RawConfig(props)).namesSubjectsAsUsual();
  }

  private static ConverterRegistry confluent(Settings settings) {
    String source = settings.text(CREDENTIALS, "URL");
    boolean isUserInfo = source.equalsIgnoreCase("USER_INFO");
    if (settings.has(BEARER)) {
      return cannot(BEARER);
    } else if (!isUserInfo && !source.equalsIgnoreCase("URL")) {
      return cannot(CREDENTIALS);
    }
    // The others stand for the same registry.
    URI url = uri(settings.text(URL, "").split(",", -1)[0].strip());
    if (url == null) {
      return cannot(URL);
    }
    String inUrl = url.getUserInfo();
    String userInfo =
        isUserInfo
            ? settings.text(
                "basic.auth.user.info", settings.text(CONFLUENT + "basic.auth.user.info", ""))
            : inUrl == null ? "" : inUrl;
    return new ConverterRegistry(
        registry(settings, withoutUser(url), userInfo, CONFLUENT + "ssl."), null);
  }

  private static ConverterRegistry apicurio(Settings settings) {
    for (String key :
        new String[] {
          GROUP, APICURIO_AUTH + "service.url", APICURIO_AUTH + "service.token.endpoint"
        }) {
      if (settings.has(key)) {
        return cannot(key);
      }
    }
    String own = settings.text(APICURIO_URL, "");
    String other = own.replaceFirst(APICURIO_PATH, CONFLUENT_PATH);
    URI url = uri(other);
    if (url == null || other.equals(own)) {
      return cannot(APICURIO_URL);
    }
    String user = settings.text(APICURIO_AUTH + "username", "");
    String userInfo =
        user.isEmpty() ? "" : user + ":" + settings.text(APICURIO_AUTH + "password", "");
    return new ConverterRegistry(
        registry(settings, withoutUser(url), userInfo, APICURIO + "request.ssl."), null);
  }

  private static RegistryConfig registry(Settings settings, URI url, String userInfo, String tls) {
    return new RegistryConfig(
        url,
        userInfo.isEmpty() ? null : new Password(userInfo),
        settings.store(tls + "truststore."),
        settings.store(tls + "keystore."),
        settings.secret(tls + "key.password"));
  }

  private static ConverterRegistry cannot(String key) {
    return new ConverterRegistry(null, PREFIX + key);
  }

  private static @Nullable URI uri(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http && uri.getHost() != null ? uri : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static URI withoutUser(URI url) {
    String user = url.getRawUserInfo();
    return user == null ? url : URI.create(url.toString().replace(user + "@", ""));
  }

  /** The settings of the value converter. */
  private record Settings(RawConfig props) {
    boolean has(String key) {
      return props.has(PREFIX + key);
    }

    boolean is(String key, String value) {
      return text(key, "").equalsIgnoreCase(value);
    }

    String text(String key, String otherwise) {
      String text = props.text(PREFIX + key);
      return text == null ? otherwise : text;
    }

    boolean namesSubjectsAsUsual() {
      return text("value.subject.name.strategy", "TopicNameStrategy").endsWith("TopicNameStrategy")
          && text(APICURIO + "artifact-resolver-strategy", "TopicIdStrategy")
              .endsWith("TopicIdStrategy");
    }

    RegistryConfig.@Nullable Store store(String prefix) {
      String location = props.text(PREFIX + prefix + "location");
      return location == null
          ? null
          : new RegistryConfig.Store(
              PREFIX + prefix + "location", location, secret(prefix + "password"));
    }

    @Nullable Password secret(String key) {
      return has(key) ? new Password(text(key, "")) : null;
    }
  }
}
