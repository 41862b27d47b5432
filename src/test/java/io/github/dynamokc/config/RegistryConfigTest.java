package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryConfigTest {
  private static final ConfigDef DEFINITION = definition();

  private static ConfigDef definition() {
    ConfigDef definition = new ConfigDef();
    RegistryConfig.define(new ConfigGroup(definition, ConfigGroup.RECORDS));
    return definition;
  }

  private static Map<String, String> props(String... keysAndValues) {
    Map<String, String> props = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      props.put("struct.registry." + keysAndValues[i], keysAndValues[i + 1]);
    }
    return props;
  }

  private static RegistryConfig read(Map<String, String> props) {
    return RegistryConfig.from(new AbstractConfig(DEFINITION, props, false));
  }

  @Test
  void aConfigurationWithoutAnAddressHasNoRegistry() {
    assertThat(read(props())).isNull();
    assertThat(read(props("url", " "))).isNull();
  }

  @Test
  void anAddressIsEnough() {
    assertThat(read(props("url", "http://registry:8081")))
        .isEqualTo(new RegistryConfig(URI.create("http://registry:8081"), null, null, null, null));
  }

  @Test
  void allKeysAreReadAndNoSecretIsShown() {
    RegistryConfig config =
        read(
            props(
                "url", "https://registry",
                "basic.auth.user.info", "me:secret1",
                "ssl.truststore.location", "/t.jks",
                "ssl.truststore.password", "secret2",
                "ssl.keystore.location", "/k.p12",
                "ssl.keystore.password", "secret3",
                "ssl.key.password", "secret4"));
    assertThat(config)
        .isEqualTo(
            new RegistryConfig(
                URI.create("https://registry"),
                new Password("me:secret1"),
                new RegistryConfig.Store(
                    RegistryConfig.TRUST_STORE, "/t.jks", new Password("secret2")),
                new RegistryConfig.Store(
                    RegistryConfig.KEY_STORE, "/k.p12", new Password("secret3")),
                new Password("secret4")));
    assertThat(config.toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"registry:8081", "ftp://registry", "http://me:secret@registry", "http://"})
  void anInvalidAddressIsRefusedUnquoted(String url) {
    assertThatThrownBy(() -> read(props("url", url)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("struct.registry.url")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", ":secret"})
  void aUserWithoutAPasswordIsRefusedUnquoted(String userInfo) {
    assertThatThrownBy(() -> read(props("url", "http://r", "basic.auth.user.info", userInfo)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("basic.auth.user.info")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "basic.auth.user.info, url",
    "ssl.truststore.location, url",
    "ssl.keystore.location, url",
    "ssl.truststore.password, ssl.truststore.location",
    "ssl.keystore.password, ssl.keystore.location",
    "ssl.key.password, ssl.keystore.location",
  })
  void aKeyNeedsTheKeyThatItBelongsTo(String key, String other) {
    List<ConfigProblem> problems = RegistryConfig.problems(new RawConfig(props(key, "secret:x")));
    assertThat(problems)
        .containsExactly(
            new ConfigProblem(
                "struct.registry." + key,
                "must be written beside struct.registry." + other + ", which is not set"));
    assertThat(RegistryConfig.problems(new RawConfig(props(key, "x", other, "x"))))
        .extracting(ConfigProblem::key)
        .doesNotContain("struct.registry." + key);
  }

  @Test
  void keysAreShownWhenRelevant() {
    assertThat(visible(props())).containsExactly("struct.registry.url");
    assertThat(visible(props("url", "http://r")))
        .containsExactlyInAnyOrder(
            "struct.registry.url",
            "struct.registry.basic.auth.user.info",
            "struct.registry.ssl.truststore.location",
            "struct.registry.ssl.keystore.location");
    assertThat(
            visible(
                props(
                    "url",
                    "http://r",
                    "ssl.keystore.location",
                    "/k",
                    "ssl.truststore.location",
                    "/t")))
        .hasSize(7);
  }

  @Test
  void aKeyThatIsShownForAnotherKeyIsAmongItsDependents() {
    DEFINITION
        .configKeys()
        .forEach(
            (name, key) -> {
              assertThat(key.documentation).endsWith(".").hasSizeGreaterThan(20);
              assertThat(DEFINITION.names()).containsAll(key.dependents);
              if (key.recommender instanceof VisibleWhen shown) {
                assertThat(DEFINITION.configKeys().get(shown.otherKey()).dependents).contains(name);
              }
            });
  }

  private static List<String> visible(Map<String, String> props) {
    return DEFINITION.validate(props).stream()
        .filter(ConfigValue::visible)
        .map(ConfigValue::name)
        .toList();
  }
}
